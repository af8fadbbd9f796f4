// Completion scripts for shells, written from the command line's own tree of commands and options.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cctype>
#include <map>
#include <memory>

#include "cli/settings.h"
#include "kit/schema.h"

namespace hearth::cli {

namespace {

using Words = std::vector<std::string>;

std::string joined(const Words& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : " ") + w;
  return out;
}

/// "csv json" of an option that may be one of "{csv,json}"; "" where anything may stand.
std::string choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const size_t open = type.find('{'), close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return "";
  std::string out = type.substr(open + 1, close - open - 1);
  for (char& c : out) c = c == ',' ? ' ' : c;
  return out;
}

/// What may stand behind a key of the configuration.
std::string choices_of(const train::Setting& s) {
  return s.kind == train::Setting::Kind::flag ? "true false" : joined(s.choices);
}

/// Lines of two case tables, in the grammar that bash and zsh share.
class Tables {
 public:
  explicit Tables(const Context& context) : config_(empty_config(context)) { add_keys(context); }

  void add(const CLI::App& app, const std::string& path) {
    Words options, flags, inner;
    bool settings = false;
    for (const CLI::Option* o : app.get_options()) {
      settings = settings || o->get_name(true) == "settings";
      for (const std::string& name : o->get_lnames()) add_option(*o, "--" + name, path, options, flags);
    }
    for (const CLI::App* c : app.get_subcommands([](const CLI::App*) { return true; })) {
      inner.push_back(c->get_name());
      add(*c, path.empty() ? c->get_name() : path + " " + c->get_name());
    }
    commands_ += fmt::format("    '{}') opts='{}' flags='{}' inner='{}' settings={} ;;\n", path, joined(options),
                             joined(flags), joined(inner), settings ? 1 : 0);
  }
  const std::string& commands() const { return commands_; }
  const std::string& values() const { return values_; }
  std::string keys() const { return joined(keys_); }

 private:
  void add_option(const CLI::Option& o, const std::string& name, const std::string& path, Words& options,
                  Words& flags) {
    options.push_back(name);
    if (o.get_items_expected_max() == 0) {
      flags.push_back(name);
      return;
    }
    std::string choices = choices_of(o);
    if (const std::string key = key_of_option(name); !key.empty() && choices.empty()) choices = choices_[key];
    if (!choices.empty()) values_ += fmt::format("    '{} {}') values='{}' ;;\n", path, name, choices);
  }
  void add_key(const std::string& key, const std::string& choices) {
    if (choices_.contains(key)) return;
    keys_.push_back(key + "=");
    choices_[key] = choices;
    if (!choices.empty()) values_ += fmt::format("    '{}') values='{}' ;;\n", key, choices);
  }
  void add_keys(const Context& context) {
    for (const kit::Section& section : kit::schema()) {
      const std::string name = section.name;
      const bool varies = name == "model" || name == "loss" || name == "optimizer" || name == "scheduler";
      Words names;
      if (varies)
        for (const train::Variant& v : config_.variants(name)) names.push_back(v.name);
      if (name == "data")
        for (const train::DataEntry& d : context.datasets) names.push_back(d.variant.name);
      for (const train::Setting& s : section.keys)
        add_key(name + "." + s.name, s.name == "name" ? joined(names) : choices_of(s));
      if (!varies) continue;
      for (const train::Variant& v : config_.variants(name))
        for (const train::Setting& s : v.settings) add_key(name + "." + s.name, choices_of(s));
    }
  }

  train::Config config_;
  std::string commands_, values_;
  Words keys_;
  std::map<std::string, std::string> choices_;
};

/// Both shells: what goes with a command, and what may stand as a value. PROGRAM, COMMANDS, VALUES and KEYS are filled
/// in.
constexpr const char* kShared = R"(_PROGRAM_command() {
  opts='--help' flags='--help' inner='' settings=0
  case "$1" in
COMMANDS  esac
}
_PROGRAM_values() {
  values=''
  case "$1" in
VALUES  esac
}
_PROGRAM_keys='KEYS'
# The command that WORDS name (one word, or two), then what may follow CURRENT: sets matches, and files=1 where paths may.
_PROGRAM_matches() {
  local current=$1 before=$2 word command='' opts flags inner settings values
  shift 2
  matches='' files=0
  _PROGRAM_command ''
  for word; do
    case " $inner " in *" $word "*) command="${command:+$command }$word"; _PROGRAM_command "$command" ;; esac
  done
  case "$before" in
    --*) case " $flags " in
        *" $before "*) ;;
        *) _PROGRAM_values "$command $before"; matches=$values; [ -n "$values" ] || files=1; return ;;
      esac ;;
  esac
  case "$current" in
    -*) matches=$opts ;;
    *=*) _PROGRAM_values "${current%%=*}"; matches=$values; [ -n "$values" ] || files=1 ;;
    *) matches=$inner
      [ "$settings" = 0 ] || matches=$_PROGRAM_keys
      [ -n "$inner" ] || files=1 ;;
  esac
}
)";

constexpr const char* kBash = R"(# Completion of PROGRAM for bash, written by: PROGRAM completion bash
SHARED_PROGRAM() {
  local line=${COMP_LINE:0:COMP_POINT} matches files words last current
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  last=$((${#words[@]} - 1))
  current=${words[last]}
  _PROGRAM_matches "$current" "${words[last - 1]}" "${words[@]:1:last - 1}"
  # What stands behind the last = is a word of its own to bash.
  case "$current" in *=*) current=${current##*=} ;; esac
  COMPREPLY=($(compgen -W "$matches" -- "$current"))
  [[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace 2> /dev/null
  if [ "$files" = 1 ]; then
    local path
    compopt -o filenames 2> /dev/null
    while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen -f -- "$current")
  fi
}
complete -F _PROGRAM PROGRAM
)";

constexpr const char* kZsh = R"(#compdef PROGRAM
# Completion of PROGRAM for zsh, written by: PROGRAM completion zsh
SHARED_PROGRAM() {
  local matches files current=${words[CURRENT]} word
  _PROGRAM_matches "$current" "${words[CURRENT - 1]}" "${(@)words[2,CURRENT - 1]}"
  [[ $current == *=* ]] && compset -P '*='
  local -a plain keys
  for word in ${=matches}; do
    if [[ $word == *= ]]; then keys+=($word); else plain+=($word); fi
  done
  (( ${#plain} )) && compadd -- $plain
  (( ${#keys} )) && compadd -S '' -- $keys
  [[ $files == 1 ]] && _files
}
if [[ $funcstack[1] == _PROGRAM ]]; then _PROGRAM "$@"; else compdef _PROGRAM PROGRAM; fi
)";

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
}

std::string script(const std::string& shell, const CLI::App& root, const Context& context) {
  Tables tables(context);
  tables.add(root, "");
  std::string text = shell == "bash" ? kBash : kZsh;
  replace_all(text, "SHARED", kShared);
  std::string program = context.words[0].substr(context.words[0].rfind('/') + 1);
  std::string function = program;
  for (char& c : function)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  replace_all(text, "_PROGRAM", "_" + function);
  replace_all(text, "PROGRAM", program);
  replace_all(text, "COMMANDS", tables.commands());
  replace_all(text, "VALUES", tables.values());
  replace_all(text, "KEYS", tables.keys());
  return text;
}

}  // namespace

void add_completion(CLI::App& command, Context& context) {
  auto shell = std::make_shared<std::string>();
  command.add_option("shell", *shell, "bash or zsh")->required()->check(CLI::IsMember({"bash", "zsh"}));
  command.callback([shell, &command, &context] { fmt::print("{}", script(*shell, *command.get_parent(), context)); });
}

}  // namespace hearth::cli
