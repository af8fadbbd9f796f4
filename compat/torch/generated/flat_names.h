#pragma once

// Made by tools/gen_api.py from src/ops; do not edit.

#include "hearth/hearth.h"

namespace hearth::door {

inline Tensor linalg_multi_dot(TensorList tensors) { return hearth::linalg::multi_dot(tensors); }
inline std::tuple<Tensor, Tensor> linalg_cholesky_ex(const Tensor& self, bool upper = false, bool check_errors = false) { return hearth::linalg::cholesky_ex(self, upper, check_errors); }
inline Tensor linalg_cholesky(const Tensor& self, bool upper = false) { return hearth::linalg::cholesky(self, upper); }
inline Tensor& linalg_cholesky_out(Tensor& out, const Tensor& self, bool upper = false) { return hearth::linalg::cholesky_out(out, self, upper); }
inline std::tuple<Tensor, Tensor, Tensor> linalg_lu_factor_ex(const Tensor& self, bool pivot = true, bool check_errors = false) { return hearth::linalg::lu_factor_ex(self, pivot, check_errors); }
inline std::tuple<Tensor, Tensor> linalg_lu_factor(const Tensor& self, bool pivot = true) { return hearth::linalg::lu_factor(self, pivot); }
inline std::tuple<Tensor, Tensor, Tensor> linalg_lu(const Tensor& self, bool pivot = true) { return hearth::linalg::lu(self, pivot); }
inline std::tuple<Tensor, Tensor> linalg_qr(const Tensor& self, std::string_view mode = "reduced") { return hearth::linalg::qr(self, mode); }
inline std::tuple<Tensor, Tensor> linalg_eigh(const Tensor& self, std::string_view UPLO = "L") { return hearth::linalg::eigh(self, UPLO); }
inline Tensor linalg_eigvalsh(const Tensor& self, std::string_view UPLO = "L") { return hearth::linalg::eigvalsh(self, UPLO); }
inline Tensor& linalg_eigvalsh_out(Tensor& out, const Tensor& self, std::string_view UPLO = "L") { return hearth::linalg::eigvalsh_out(out, self, UPLO); }
inline std::tuple<Tensor, Tensor> linalg_eig(const Tensor& self) { return hearth::linalg::eig(self); }
inline Tensor linalg_eigvals(const Tensor& self) { return hearth::linalg::eigvals(self); }
inline std::tuple<Tensor, Tensor, Tensor> linalg_svd(const Tensor& self, bool full_matrices = true, std::optional<std::string_view> driver = std::nullopt) { return hearth::linalg::svd(self, full_matrices, driver); }
inline Tensor linalg_svdvals(const Tensor& self, std::optional<std::string_view> driver = std::nullopt) { return hearth::linalg::svdvals(self, driver); }
inline Tensor& linalg_svdvals_out(Tensor& out, const Tensor& self, std::optional<std::string_view> driver = std::nullopt) { return hearth::linalg::svdvals_out(out, self, driver); }
inline Tensor linalg_householder_product(const Tensor& input, const Tensor& tau) { return hearth::linalg::householder_product(input, tau); }
inline Tensor& linalg_householder_product_out(Tensor& out, const Tensor& input, const Tensor& tau) { return hearth::linalg::householder_product_out(out, input, tau); }
inline std::tuple<Tensor, Tensor, Tensor> linalg_ldl_factor_ex(const Tensor& self, bool hermitian = false, bool check_errors = false) { return hearth::linalg::ldl_factor_ex(self, hermitian, check_errors); }
inline std::tuple<Tensor, Tensor> linalg_ldl_factor(const Tensor& self, bool hermitian = false) { return hearth::linalg::ldl_factor(self, hermitian); }
inline Tensor linalg_ldl_solve(const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian = false) { return hearth::linalg::ldl_solve(LD, pivots, B, hermitian); }
inline Tensor& linalg_ldl_solve_out(Tensor& out, const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian = false) { return hearth::linalg::ldl_solve_out(out, LD, pivots, B, hermitian); }
inline Tensor linalg_pinv(const Tensor& self, const std::optional<Tensor>& atol, const std::optional<Tensor>& rtol = {}, bool hermitian = false) { return hearth::linalg::pinv(self, atol, rtol, hermitian); }
inline Tensor& linalg_pinv_out(Tensor& out, const Tensor& self, const std::optional<Tensor>& atol, const std::optional<Tensor>& rtol = {}, bool hermitian = false) { return hearth::linalg::pinv_out(out, self, atol, rtol, hermitian); }
inline Tensor linalg_pinv(const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian = false) { return hearth::linalg::pinv(self, atol, rtol, hermitian); }
inline Tensor linalg_pinv(const Tensor& self, double rcond = 1e-15, bool hermitian = false) { return hearth::linalg::pinv(self, rcond, hermitian); }
inline Tensor linalg_matrix_rank(const Tensor& self, std::optional<double> atol = std::nullopt, std::optional<double> rtol = std::nullopt, bool hermitian = false) { return hearth::linalg::matrix_rank(self, atol, rtol, hermitian); }
inline std::tuple<Tensor, Tensor, Tensor, Tensor> linalg_lstsq(const Tensor& self, const Tensor& b, std::optional<double> rcond = std::nullopt, std::optional<std::string_view> driver = std::nullopt) { return hearth::linalg::lstsq(self, b, rcond, driver); }
inline Tensor linalg_matrix_power(const Tensor& self, int64_t n) { return hearth::linalg::matrix_power(self, n); }
inline Tensor& linalg_matrix_power_out(Tensor& out, const Tensor& self, int64_t n) { return hearth::linalg::matrix_power_out(out, self, n); }
inline Tensor linalg_matrix_exp(const Tensor& self) { return hearth::linalg::matrix_exp(self); }
inline Tensor linalg_tensorinv(const Tensor& self, int64_t ind = 2) { return hearth::linalg::tensorinv(self, ind); }
inline Tensor& linalg_tensorinv_out(Tensor& out, const Tensor& self, int64_t ind = 2) { return hearth::linalg::tensorinv_out(out, self, ind); }
inline Tensor linalg_tensorsolve(const Tensor& self, const Tensor& other, std::optional<IntArrayRef> dims = std::nullopt) { return hearth::linalg::tensorsolve(self, other, dims); }
inline Tensor& linalg_tensorsolve_out(Tensor& out, const Tensor& self, const Tensor& other, std::optional<IntArrayRef> dims = std::nullopt) { return hearth::linalg::tensorsolve_out(out, self, other, dims); }
inline Tensor linalg_vecdot(const Tensor& x, const Tensor& y, int64_t dim = -1) { return hearth::linalg::vecdot(x, y, dim); }
inline Tensor& linalg_vecdot_out(Tensor& out, const Tensor& x, const Tensor& y, int64_t dim = -1) { return hearth::linalg::vecdot_out(out, x, y, dim); }
inline Tensor linalg_cross(const Tensor& self, const Tensor& other, int64_t dim = -1) { return hearth::linalg::cross(self, other, dim); }
inline Tensor& linalg_cross_out(Tensor& out, const Tensor& self, const Tensor& other, int64_t dim = -1) { return hearth::linalg::cross_out(out, self, other, dim); }
inline Tensor linalg_diagonal(const Tensor& A, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1) { return hearth::linalg::diagonal(A, offset, dim1, dim2); }
inline Tensor linalg_matmul(const Tensor& self, const Tensor& other) { return hearth::linalg::matmul(self, other); }
inline Tensor& linalg_matmul_out(Tensor& out, const Tensor& self, const Tensor& other) { return hearth::linalg::matmul_out(out, self, other); }
inline Tensor linalg_vander(const Tensor& x, std::optional<int64_t> N = std::nullopt) { return hearth::linalg::vander(x, N); }
inline Tensor linalg_vector_norm(const Tensor& self, const Scalar& ord = 2, std::optional<IntArrayRef> dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) { return hearth::linalg::vector_norm(self, ord, dim, keepdim, dtype); }
inline Tensor& linalg_vector_norm_out(Tensor& out, const Tensor& self, const Scalar& ord = 2, std::optional<IntArrayRef> dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) { return hearth::linalg::vector_norm_out(out, self, ord, dim, keepdim, dtype); }
inline Tensor linalg_matrix_norm(const Tensor& self, const Scalar& ord, IntArrayRef dim = {-2, -1}, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) { return hearth::linalg::matrix_norm(self, ord, dim, keepdim, dtype); }
inline Tensor& linalg_matrix_norm_out(Tensor& out, const Tensor& self, const Scalar& ord, IntArrayRef dim = {-2, -1}, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) { return hearth::linalg::matrix_norm_out(out, self, ord, dim, keepdim, dtype); }
inline Tensor linalg_matrix_norm(const Tensor& self, std::string_view ord = "fro", IntArrayRef dim = {-2, -1}, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) { return hearth::linalg::matrix_norm(self, ord, dim, keepdim, dtype); }
inline Tensor linalg_norm(const Tensor& self, const std::optional<Scalar>& ord = std::nullopt, std::optional<IntArrayRef> dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) { return hearth::linalg::norm(self, ord, dim, keepdim, dtype); }
inline Tensor linalg_norm(const Tensor& self, std::string_view ord, std::optional<IntArrayRef> dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) { return hearth::linalg::norm(self, ord, dim, keepdim, dtype); }
inline Tensor linalg_cond(const Tensor& self, const std::optional<Scalar>& p = std::nullopt) { return hearth::linalg::cond(self, p); }
inline Tensor linalg_cond(const Tensor& self, std::string_view p) { return hearth::linalg::cond(self, p); }
inline Tensor linalg_solve_triangular(const Tensor& self, const Tensor& B, bool upper, bool left = true, bool unitriangular = false) { return hearth::linalg::solve_triangular(self, B, upper, left, unitriangular); }
inline Tensor& linalg_solve_triangular_out(Tensor& out, const Tensor& self, const Tensor& B, bool upper, bool left = true, bool unitriangular = false) { return hearth::linalg::solve_triangular_out(out, self, B, upper, left, unitriangular); }
inline std::tuple<Tensor, Tensor> linalg_solve_ex(const Tensor& A, const Tensor& B, bool left = true, bool check_errors = false) { return hearth::linalg::solve_ex(A, B, left, check_errors); }
inline Tensor linalg_solve(const Tensor& A, const Tensor& B, bool left = true) { return hearth::linalg::solve(A, B, left); }
inline Tensor& linalg_solve_out(Tensor& out, const Tensor& A, const Tensor& B, bool left = true) { return hearth::linalg::solve_out(out, A, B, left); }
inline Tensor linalg_lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left = true, bool adjoint = false) { return hearth::linalg::lu_solve(LU, pivots, B, left, adjoint); }
inline Tensor& linalg_lu_solve_out(Tensor& out, const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left = true, bool adjoint = false) { return hearth::linalg::lu_solve_out(out, LU, pivots, B, left, adjoint); }
inline std::tuple<Tensor, Tensor> linalg_inv_ex(const Tensor& self, bool check_errors = false) { return hearth::linalg::inv_ex(self, check_errors); }
inline Tensor linalg_inv(const Tensor& self) { return hearth::linalg::inv(self); }
inline Tensor& linalg_inv_out(Tensor& out, const Tensor& self) { return hearth::linalg::inv_out(out, self); }
inline Tensor linalg_det(const Tensor& self) { return hearth::linalg::det(self); }
inline Tensor& linalg_det_out(Tensor& out, const Tensor& self) { return hearth::linalg::det_out(out, self); }
inline std::tuple<Tensor, Tensor> linalg_slogdet(const Tensor& self) { return hearth::linalg::slogdet(self); }
inline Tensor special_gammaln(const Tensor& self) { return hearth::special::gammaln(self); }
inline Tensor& special_gammaln_out(Tensor& out, const Tensor& self) { return hearth::special::gammaln_out(out, self); }
inline Tensor special_digamma(const Tensor& self) { return hearth::special::digamma(self); }
inline Tensor& special_digamma_out(Tensor& out, const Tensor& self) { return hearth::special::digamma_out(out, self); }
inline Tensor special_psi(const Tensor& self) { return hearth::special::psi(self); }
inline Tensor& special_psi_out(Tensor& out, const Tensor& self) { return hearth::special::psi_out(out, self); }
inline Tensor special_polygamma(int64_t n, const Tensor& self) { return hearth::special::polygamma(n, self); }
inline Tensor& special_polygamma_out(Tensor& out, int64_t n, const Tensor& self) { return hearth::special::polygamma_out(out, n, self); }
inline Tensor special_multigammaln(const Tensor& self, int64_t p) { return hearth::special::multigammaln(self, p); }
inline Tensor& special_multigammaln_out(Tensor& out, const Tensor& self, int64_t p) { return hearth::special::multigammaln_out(out, self, p); }
inline Tensor special_gammainc(const Tensor& self, const Tensor& other) { return hearth::special::gammainc(self, other); }
inline Tensor& special_gammainc_out(Tensor& out, const Tensor& self, const Tensor& other) { return hearth::special::gammainc_out(out, self, other); }
inline Tensor special_gammaincc(const Tensor& self, const Tensor& other) { return hearth::special::gammaincc(self, other); }
inline Tensor& special_gammaincc_out(Tensor& out, const Tensor& self, const Tensor& other) { return hearth::special::gammaincc_out(out, self, other); }
inline Tensor special_zeta(const Tensor& self, const Tensor& other) { return hearth::special::zeta(self, other); }
inline Tensor& special_zeta_out(Tensor& out, const Tensor& self, const Tensor& other) { return hearth::special::zeta_out(out, self, other); }
inline Tensor special_zeta(const Tensor& self, const Scalar& other) { return hearth::special::zeta(self, other); }
inline Tensor& special_zeta_out(Tensor& out, const Tensor& self, const Scalar& other) { return hearth::special::zeta_out(out, self, other); }
inline Tensor special_zeta(const Scalar& self, const Tensor& other) { return hearth::special::zeta(self, other); }
inline Tensor& special_zeta_out(Tensor& out, const Scalar& self, const Tensor& other) { return hearth::special::zeta_out(out, self, other); }
inline Tensor special_i0(const Tensor& self) { return hearth::special::i0(self); }
inline Tensor& special_i0_out(Tensor& out, const Tensor& self) { return hearth::special::i0_out(out, self); }
inline Tensor special_i0e(const Tensor& self) { return hearth::special::i0e(self); }
inline Tensor& special_i0e_out(Tensor& out, const Tensor& self) { return hearth::special::i0e_out(out, self); }
inline Tensor special_i1(const Tensor& self) { return hearth::special::i1(self); }
inline Tensor& special_i1_out(Tensor& out, const Tensor& self) { return hearth::special::i1_out(out, self); }
inline Tensor special_i1e(const Tensor& self) { return hearth::special::i1e(self); }
inline Tensor& special_i1e_out(Tensor& out, const Tensor& self) { return hearth::special::i1e_out(out, self); }
inline Tensor special_bessel_j0(const Tensor& self) { return hearth::special::bessel_j0(self); }
inline Tensor& special_bessel_j0_out(Tensor& out, const Tensor& self) { return hearth::special::bessel_j0_out(out, self); }
inline Tensor special_bessel_j1(const Tensor& self) { return hearth::special::bessel_j1(self); }
inline Tensor& special_bessel_j1_out(Tensor& out, const Tensor& self) { return hearth::special::bessel_j1_out(out, self); }
inline Tensor special_bessel_y0(const Tensor& self) { return hearth::special::bessel_y0(self); }
inline Tensor& special_bessel_y0_out(Tensor& out, const Tensor& self) { return hearth::special::bessel_y0_out(out, self); }
inline Tensor special_bessel_y1(const Tensor& self) { return hearth::special::bessel_y1(self); }
inline Tensor& special_bessel_y1_out(Tensor& out, const Tensor& self) { return hearth::special::bessel_y1_out(out, self); }
inline Tensor special_modified_bessel_i0(const Tensor& self) { return hearth::special::modified_bessel_i0(self); }
inline Tensor& special_modified_bessel_i0_out(Tensor& out, const Tensor& self) { return hearth::special::modified_bessel_i0_out(out, self); }
inline Tensor special_modified_bessel_i1(const Tensor& self) { return hearth::special::modified_bessel_i1(self); }
inline Tensor& special_modified_bessel_i1_out(Tensor& out, const Tensor& self) { return hearth::special::modified_bessel_i1_out(out, self); }
inline Tensor special_modified_bessel_k0(const Tensor& self) { return hearth::special::modified_bessel_k0(self); }
inline Tensor& special_modified_bessel_k0_out(Tensor& out, const Tensor& self) { return hearth::special::modified_bessel_k0_out(out, self); }
inline Tensor special_modified_bessel_k1(const Tensor& self) { return hearth::special::modified_bessel_k1(self); }
inline Tensor& special_modified_bessel_k1_out(Tensor& out, const Tensor& self) { return hearth::special::modified_bessel_k1_out(out, self); }
inline Tensor special_scaled_modified_bessel_k0(const Tensor& self) { return hearth::special::scaled_modified_bessel_k0(self); }
inline Tensor& special_scaled_modified_bessel_k0_out(Tensor& out, const Tensor& self) { return hearth::special::scaled_modified_bessel_k0_out(out, self); }
inline Tensor special_scaled_modified_bessel_k1(const Tensor& self) { return hearth::special::scaled_modified_bessel_k1(self); }
inline Tensor& special_scaled_modified_bessel_k1_out(Tensor& out, const Tensor& self) { return hearth::special::scaled_modified_bessel_k1_out(out, self); }
inline Tensor special_spherical_bessel_j0(const Tensor& self) { return hearth::special::spherical_bessel_j0(self); }
inline Tensor& special_spherical_bessel_j0_out(Tensor& out, const Tensor& self) { return hearth::special::spherical_bessel_j0_out(out, self); }
inline Tensor special_airy_ai(const Tensor& self) { return hearth::special::airy_ai(self); }
inline Tensor& special_airy_ai_out(Tensor& out, const Tensor& self) { return hearth::special::airy_ai_out(out, self); }
inline Tensor special_erf(const Tensor& self) { return hearth::special::erf(self); }
inline Tensor& special_erf_out(Tensor& out, const Tensor& self) { return hearth::special::erf_out(out, self); }
inline Tensor special_erfc(const Tensor& self) { return hearth::special::erfc(self); }
inline Tensor& special_erfc_out(Tensor& out, const Tensor& self) { return hearth::special::erfc_out(out, self); }
inline Tensor special_erfinv(const Tensor& self) { return hearth::special::erfinv(self); }
inline Tensor& special_erfinv_out(Tensor& out, const Tensor& self) { return hearth::special::erfinv_out(out, self); }
inline Tensor special_erfcx(const Tensor& self) { return hearth::special::erfcx(self); }
inline Tensor& special_erfcx_out(Tensor& out, const Tensor& self) { return hearth::special::erfcx_out(out, self); }
inline Tensor special_ndtr(const Tensor& self) { return hearth::special::ndtr(self); }
inline Tensor& special_ndtr_out(Tensor& out, const Tensor& self) { return hearth::special::ndtr_out(out, self); }
inline Tensor special_ndtri(const Tensor& self) { return hearth::special::ndtri(self); }
inline Tensor& special_ndtri_out(Tensor& out, const Tensor& self) { return hearth::special::ndtri_out(out, self); }
inline Tensor special_log_ndtr(const Tensor& self) { return hearth::special::log_ndtr(self); }
inline Tensor& special_log_ndtr_out(Tensor& out, const Tensor& self) { return hearth::special::log_ndtr_out(out, self); }
inline Tensor special_entr(const Tensor& self) { return hearth::special::entr(self); }
inline Tensor& special_entr_out(Tensor& out, const Tensor& self) { return hearth::special::entr_out(out, self); }
inline Tensor special_expit(const Tensor& self) { return hearth::special::expit(self); }
inline Tensor& special_expit_out(Tensor& out, const Tensor& self) { return hearth::special::expit_out(out, self); }
inline Tensor special_exp2(const Tensor& self) { return hearth::special::exp2(self); }
inline Tensor& special_exp2_out(Tensor& out, const Tensor& self) { return hearth::special::exp2_out(out, self); }
inline Tensor special_expm1(const Tensor& self) { return hearth::special::expm1(self); }
inline Tensor& special_expm1_out(Tensor& out, const Tensor& self) { return hearth::special::expm1_out(out, self); }
inline Tensor special_log1p(const Tensor& self) { return hearth::special::log1p(self); }
inline Tensor& special_log1p_out(Tensor& out, const Tensor& self) { return hearth::special::log1p_out(out, self); }
inline Tensor special_logit(const Tensor& self, std::optional<double> eps = std::nullopt) { return hearth::special::logit(self, eps); }
inline Tensor& special_logit_out(Tensor& out, const Tensor& self, std::optional<double> eps = std::nullopt) { return hearth::special::logit_out(out, self, eps); }
inline Tensor special_logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim = false) { return hearth::special::logsumexp(self, dim, keepdim); }
inline Tensor& special_logsumexp_out(Tensor& out, const Tensor& self, IntArrayRef dim, bool keepdim = false) { return hearth::special::logsumexp_out(out, self, dim, keepdim); }
inline Tensor special_log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt) { return hearth::special::log_softmax(self, dim, dtype); }
inline Tensor special_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt) { return hearth::special::softmax(self, dim, dtype); }
inline Tensor special_round(const Tensor& self, int64_t decimals = 0) { return hearth::special::round(self, decimals); }
inline Tensor& special_round_out(Tensor& out, const Tensor& self, int64_t decimals = 0) { return hearth::special::round_out(out, self, decimals); }
inline Tensor special_sinc(const Tensor& self) { return hearth::special::sinc(self); }
inline Tensor& special_sinc_out(Tensor& out, const Tensor& self) { return hearth::special::sinc_out(out, self); }
inline Tensor special_xlogy(const Tensor& self, const Tensor& other) { return hearth::special::xlogy(self, other); }
inline Tensor& special_xlogy_out(Tensor& out, const Tensor& self, const Tensor& other) { return hearth::special::xlogy_out(out, self, other); }
inline Tensor special_xlogy(const Tensor& self, const Scalar& other) { return hearth::special::xlogy(self, other); }
inline Tensor& special_xlogy_out(Tensor& out, const Tensor& self, const Scalar& other) { return hearth::special::xlogy_out(out, self, other); }
inline Tensor special_xlogy(const Scalar& self, const Tensor& other) { return hearth::special::xlogy(self, other); }
inline Tensor& special_xlogy_out(Tensor& out, const Scalar& self, const Tensor& other) { return hearth::special::xlogy_out(out, self, other); }
inline Tensor special_xlog1py(const Tensor& self, const Tensor& other) { return hearth::special::xlog1py(self, other); }
inline Tensor& special_xlog1py_out(Tensor& out, const Tensor& self, const Tensor& other) { return hearth::special::xlog1py_out(out, self, other); }
inline Tensor special_xlog1py(const Tensor& self, const Scalar& other) { return hearth::special::xlog1py(self, other); }
inline Tensor& special_xlog1py_out(Tensor& out, const Tensor& self, const Scalar& other) { return hearth::special::xlog1py_out(out, self, other); }
inline Tensor special_xlog1py(const Scalar& self, const Tensor& other) { return hearth::special::xlog1py(self, other); }
inline Tensor& special_xlog1py_out(Tensor& out, const Scalar& self, const Tensor& other) { return hearth::special::xlog1py_out(out, self, other); }
inline Tensor special_chebyshev_polynomial_t(const Tensor& x, const Tensor& n) { return hearth::special::chebyshev_polynomial_t(x, n); }
inline Tensor& special_chebyshev_polynomial_t_out(Tensor& out, const Tensor& x, const Tensor& n) { return hearth::special::chebyshev_polynomial_t_out(out, x, n); }
inline Tensor special_chebyshev_polynomial_t(const Tensor& x, const Scalar& n) { return hearth::special::chebyshev_polynomial_t(x, n); }
inline Tensor special_chebyshev_polynomial_u(const Tensor& x, const Tensor& n) { return hearth::special::chebyshev_polynomial_u(x, n); }
inline Tensor& special_chebyshev_polynomial_u_out(Tensor& out, const Tensor& x, const Tensor& n) { return hearth::special::chebyshev_polynomial_u_out(out, x, n); }
inline Tensor special_chebyshev_polynomial_u(const Tensor& x, const Scalar& n) { return hearth::special::chebyshev_polynomial_u(x, n); }
inline Tensor special_chebyshev_polynomial_v(const Tensor& x, const Tensor& n) { return hearth::special::chebyshev_polynomial_v(x, n); }
inline Tensor& special_chebyshev_polynomial_v_out(Tensor& out, const Tensor& x, const Tensor& n) { return hearth::special::chebyshev_polynomial_v_out(out, x, n); }
inline Tensor special_chebyshev_polynomial_v(const Tensor& x, const Scalar& n) { return hearth::special::chebyshev_polynomial_v(x, n); }
inline Tensor special_chebyshev_polynomial_w(const Tensor& x, const Tensor& n) { return hearth::special::chebyshev_polynomial_w(x, n); }
inline Tensor& special_chebyshev_polynomial_w_out(Tensor& out, const Tensor& x, const Tensor& n) { return hearth::special::chebyshev_polynomial_w_out(out, x, n); }
inline Tensor special_chebyshev_polynomial_w(const Tensor& x, const Scalar& n) { return hearth::special::chebyshev_polynomial_w(x, n); }
inline Tensor special_shifted_chebyshev_polynomial_t(const Tensor& x, const Tensor& n) { return hearth::special::shifted_chebyshev_polynomial_t(x, n); }
inline Tensor& special_shifted_chebyshev_polynomial_t_out(Tensor& out, const Tensor& x, const Tensor& n) { return hearth::special::shifted_chebyshev_polynomial_t_out(out, x, n); }
inline Tensor special_shifted_chebyshev_polynomial_u(const Tensor& x, const Tensor& n) { return hearth::special::shifted_chebyshev_polynomial_u(x, n); }
inline Tensor& special_shifted_chebyshev_polynomial_u_out(Tensor& out, const Tensor& x, const Tensor& n) { return hearth::special::shifted_chebyshev_polynomial_u_out(out, x, n); }
inline Tensor special_shifted_chebyshev_polynomial_v(const Tensor& x, const Tensor& n) { return hearth::special::shifted_chebyshev_polynomial_v(x, n); }
inline Tensor& special_shifted_chebyshev_polynomial_v_out(Tensor& out, const Tensor& x, const Tensor& n) { return hearth::special::shifted_chebyshev_polynomial_v_out(out, x, n); }
inline Tensor special_shifted_chebyshev_polynomial_w(const Tensor& x, const Tensor& n) { return hearth::special::shifted_chebyshev_polynomial_w(x, n); }
inline Tensor& special_shifted_chebyshev_polynomial_w_out(Tensor& out, const Tensor& x, const Tensor& n) { return hearth::special::shifted_chebyshev_polynomial_w_out(out, x, n); }
inline Tensor special_hermite_polynomial_h(const Tensor& x, const Tensor& n) { return hearth::special::hermite_polynomial_h(x, n); }
inline Tensor& special_hermite_polynomial_h_out(Tensor& out, const Tensor& x, const Tensor& n) { return hearth::special::hermite_polynomial_h_out(out, x, n); }
inline Tensor special_hermite_polynomial_h(const Tensor& x, const Scalar& n) { return hearth::special::hermite_polynomial_h(x, n); }
inline Tensor special_hermite_polynomial_he(const Tensor& x, const Tensor& n) { return hearth::special::hermite_polynomial_he(x, n); }
inline Tensor& special_hermite_polynomial_he_out(Tensor& out, const Tensor& x, const Tensor& n) { return hearth::special::hermite_polynomial_he_out(out, x, n); }
inline Tensor special_hermite_polynomial_he(const Tensor& x, const Scalar& n) { return hearth::special::hermite_polynomial_he(x, n); }
inline Tensor special_laguerre_polynomial_l(const Tensor& x, const Tensor& n) { return hearth::special::laguerre_polynomial_l(x, n); }
inline Tensor& special_laguerre_polynomial_l_out(Tensor& out, const Tensor& x, const Tensor& n) { return hearth::special::laguerre_polynomial_l_out(out, x, n); }
inline Tensor special_laguerre_polynomial_l(const Tensor& x, const Scalar& n) { return hearth::special::laguerre_polynomial_l(x, n); }
inline Tensor special_legendre_polynomial_p(const Tensor& x, const Tensor& n) { return hearth::special::legendre_polynomial_p(x, n); }
inline Tensor& special_legendre_polynomial_p_out(Tensor& out, const Tensor& x, const Tensor& n) { return hearth::special::legendre_polynomial_p_out(out, x, n); }
inline Tensor special_legendre_polynomial_p(const Tensor& x, const Scalar& n) { return hearth::special::legendre_polynomial_p(x, n); }

}  // namespace hearth::door
