// Floor 5. The command line as a declaration: commands, their options, what these take. Parsing (by CLI11), help, man
// page and completions all follow from it.
#pragma once

#include "requests.h"

#include <functional>
#include <list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace gaussfilt::cli {

// What the shell completes.
enum class Takes { text, file, folder };

// All that is said of an option.
struct OptionText {
  std::string names;      // "-s,--sigma"
  std::string shape;      // of its value: "S|X,Y"; "[SUM]" where it may be left out; empty: a flag
  std::string topic;      // under which the short help names it
  std::string brief;      // its line
  std::string more = {};  // further sentences, for --help-all and the man page
  bool shown = false;     // has a line of its own in the short help
  bool repeatable = false;
  Takes takes = Takes::text;
  std::function<std::vector<std::string>()> values = {};  // what may be typed, where that can be listed
  std::string absent = {};                                // the value where one that may be left out is
};

// A word without a name: IN, OUT.
struct WordText {
  std::string name;
  std::string brief;
  bool required = true;
  bool many = false;
  Takes takes = Takes::file;
  std::function<std::vector<std::string>()> values = {};
};

struct Example {
  std::string line;  // without "gaussfilt "
  std::string about;
};

// One command. References to it stay valid while its Declaration lives.
struct Command {
  std::string name;
  std::string usage;                 // what follows the name
  std::string summary;               // a line in the list of commands
  std::vector<Example> examples;     // three
  std::vector<std::string> remarks;  // paragraphs below the options, for --help-all and the man page
  std::vector<WordText> words = {};
  std::vector<OptionText> options = {};
  std::function<Request()> settle = {};  // once all is read: checks what goes together, and hands out the request
  CLI::App* parser = nullptr;

  void word(WordText text, std::string& target);
  void word(WordText text, std::vector<std::string>& target);
  // `read` is called once for every time that the option is given.
  void option(OptionText text, std::function<void(const std::string&)> read);
  void flag(OptionText text, bool& target);
};

class Declaration {
 public:
  Declaration();
  ~Declaration();
  Declaration(const Declaration&) = delete;
  Declaration& operator=(const Declaration&) = delete;

  Command& add(Command command);
  const Command* find(std::string_view name) const;
  const std::list<Command>& commands() const { return commands_; }
  const Command& program() const { return program_; }  // the options that stand before a command
  CLI::App& parser() { return *parser_; }

 private:
  std::unique_ptr<CLI::App> parser_;
  Command program_;
  std::list<Command> commands_;
};

// A command line that cannot be. `wrong` and `right`, where known: a word as typed and what was probably meant.
struct Refusal : std::runtime_error {
  explicit Refusal(const std::string& sentence, std::string wrong_word = {}, std::string right_word = {})
      : std::runtime_error(sentence), wrong(std::move(wrong_word)), right(std::move(right_word)) {}
  std::string wrong;
  std::string right;
};

// "--sigma" of "-s,--sigma"; "-s, --sigma" for the reader.
std::string long_name(const OptionText& option);
std::string spoken_names(const OptionText& option);

// The whole command line of this program.
void declare_blur(Declaration& declaration);
void declare_convolve(Declaration& declaration);
void declare_apply(Declaration& declaration);
void declare_contact(Declaration& declaration);
void declare_report(Declaration& declaration);
void declare_info(Declaration& declaration);
void declare_compare(Declaration& declaration);
void declare_kernel(Declaration& declaration);
void declare_plan(Declaration& declaration);
void declare_all(Declaration& declaration);

}  // namespace gaussfilt::cli
