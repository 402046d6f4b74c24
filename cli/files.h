// Floor 5. Files as they are named on the command line: "-" is standard input or output.
#pragma once

#include "arguments.h"

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

bool is_folder(const std::string& file);
// Whether both names lead to one file, that may not exist yet. "-" is no file.
bool same_file(const std::string& a, const std::string& b);

// A name with its links followed and its dots taken out, as far as the file exists.
std::filesystem::path resolved(const std::filesystem::path& file);

}  // namespace gaussfilt::cli
