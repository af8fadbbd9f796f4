// What the templates of hearth/optim/optimizer.h are for the library's own optimizers, compiled once.
#include "hearth/optim.h"

namespace hearth::optim {

template class OptimizerCloneableOptions<AdadeltaOptions>;
template class OptimizerCloneableParamState<AdadeltaParamState>;
template class OptimizerCloneableOptions<AdafactorOptions>;
template class OptimizerCloneableParamState<AdafactorParamState>;
template class OptimizerCloneableOptions<AdagradOptions>;
template class OptimizerCloneableParamState<AdagradParamState>;
template class OptimizerCloneableOptions<AdamOptions>;
template class OptimizerCloneableParamState<AdamParamState>;
template class OptimizerCloneableOptions<AdamWOptions>;
template class OptimizerCloneableOptions<AdamaxOptions>;
template class OptimizerCloneableParamState<AdamaxParamState>;
template class OptimizerCloneableOptions<ASGDOptions>;
template class OptimizerCloneableParamState<ASGDParamState>;
template class OptimizerCloneableOptions<LAMBOptions>;
template class OptimizerCloneableParamState<LAMBParamState>;
template class OptimizerCloneableOptions<LBFGSOptions>;
template class OptimizerCloneableParamState<LBFGSParamState>;
template class OptimizerCloneableOptions<LionOptions>;
template class OptimizerCloneableParamState<LionParamState>;
template class OptimizerCloneableOptions<MuonOptions>;
template class OptimizerCloneableParamState<MuonParamState>;
template class OptimizerCloneableOptions<NAdamOptions>;
template class OptimizerCloneableParamState<NAdamParamState>;
template class OptimizerCloneableOptions<RAdamOptions>;
template class OptimizerCloneableParamState<RAdamParamState>;
template class OptimizerCloneableOptions<RMSpropOptions>;
template class OptimizerCloneableParamState<RMSpropParamState>;
template class OptimizerCloneableOptions<RpropOptions>;
template class OptimizerCloneableParamState<RpropParamState>;
template class OptimizerCloneableOptions<SGDOptions>;
template class OptimizerCloneableParamState<SGDParamState>;

std::unique_ptr<OptimizerParamState> Adadelta::make_state() const { return std::make_unique<AdadeltaParamState>(); }
std::unique_ptr<OptimizerParamState> Adafactor::make_state() const { return std::make_unique<AdafactorParamState>(); }
std::unique_ptr<OptimizerParamState> Adagrad::make_state() const { return std::make_unique<AdagradParamState>(); }
std::unique_ptr<OptimizerParamState> Adam::make_state() const { return std::make_unique<AdamParamState>(); }
std::unique_ptr<OptimizerParamState> AdamW::make_state() const { return std::make_unique<AdamWParamState>(); }
std::unique_ptr<OptimizerParamState> Adamax::make_state() const { return std::make_unique<AdamaxParamState>(); }
std::unique_ptr<OptimizerParamState> ASGD::make_state() const { return std::make_unique<ASGDParamState>(); }
std::unique_ptr<OptimizerParamState> LAMB::make_state() const { return std::make_unique<LAMBParamState>(); }
std::unique_ptr<OptimizerParamState> LBFGS::make_state() const { return std::make_unique<LBFGSParamState>(); }
std::unique_ptr<OptimizerParamState> Lion::make_state() const { return std::make_unique<LionParamState>(); }
std::unique_ptr<OptimizerParamState> Muon::make_state() const { return std::make_unique<MuonParamState>(); }
std::unique_ptr<OptimizerParamState> NAdam::make_state() const { return std::make_unique<NAdamParamState>(); }
std::unique_ptr<OptimizerParamState> RAdam::make_state() const { return std::make_unique<RAdamParamState>(); }
std::unique_ptr<OptimizerParamState> RMSprop::make_state() const { return std::make_unique<RMSpropParamState>(); }
std::unique_ptr<OptimizerParamState> Rprop::make_state() const { return std::make_unique<RpropParamState>(); }
std::unique_ptr<OptimizerParamState> SGD::make_state() const { return std::make_unique<SGDParamState>(); }

}  // namespace hearth::optim
