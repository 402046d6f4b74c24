// Floor 5. Files as they are named on the command line: "-" is standard input or output.
#pragma once

#include "arguments.h"

#include <gaussfilt/error.h>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace gaussfilt::cli {

constexpr std::string_view standard = "-";

// As they stand in messages.
std::string input_name(const std::string& file);
std::string output_name(const std::string& file);

// Allows the loaders; throws InvalidArgument where there is none of that name, or standard input is a terminal.
void check_inputs(const ReadArguments& arguments, std::span<const std::string> files);

Picture load_picture(const std::string& file, const ReadArguments& arguments);
PictureInfo inspect_picture(const std::string& file, const ReadArguments& arguments);

// Throws IoError.
void write_standard_output(std::span<const std::byte> bytes);

// "jpg" for "a/Photo.JPG"; "" where there is none.
std::string extension_of(const std::filesystem::path& file);
bool can_be_written(std::string_view extension);  // in any letter case

// Calls `act`. The library speaks of "the png picture" where it does not know the file's name: its sentences get `name`
// instead.
std::string with_name(std::string sentence, const std::string& extension, const std::string& name);
template <class Act> auto naming(const std::string& extension, const std::string& name, Act act) {
  try {
    return act();
  } catch (const InvalidArgument& error) {
    throw InvalidArgument(with_name(error.what(), extension, name));
  } catch (const IoError& error) {
    throw IoError(with_name(error.what(), extension, name));
  }
}

bool is_folder(const std::string& file);
// Whether both names lead to one file, that may not exist yet. "-" is no file.
bool same_file(const std::string& a, const std::string& b);

// A name with its links followed and its dots taken out, as far as the file exists.
std::filesystem::path resolved(const std::filesystem::path& file);

}  // namespace gaussfilt::cli
