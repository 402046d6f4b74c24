// Floor 5. `gaussfilt info` and `gaussfilt compare` as declared.
#include "readers.h"

namespace gaussfilt::cli {

void declare_info(Declaration& declaration) {
  const auto typed = std::make_shared<InfoArguments>();
  Command& info = declaration.add(
      {.name = "info",
       .usage = "FILE... [OPTIONS]",
       .summary = "Say what a picture is, without reading its pixels",
       .examples = {{"info photo.jpg", "a picture"},
                    {"info *.tif --json", "several, for a program"},
                    {"info paper.pdf --allow-loader pdf", "a trusted PDF"}},
       .remarks = {"Format, size, pages, bands, depth, colour, profile, orientation, resolution, metadata; whether a "
                   "preview is embedded; what reading it will change."}});
  info.word({.name = "FILE", .brief = "A picture", .many = true}, typed->files);
  info.flag({.names = "--json", .shape = "", .topic = "Looking", .brief = "Answer as JSON", .shown = true},
            typed->json);
  declare_reading(info, typed->read, Reads::headers);
  info.settle = [typed]() -> Request {
    for (const std::string& file : typed->files) file_name("FILE", file);
    settle_reading(typed->read);
    return std::move(*typed);
  };
}

void declare_compare(Declaration& declaration) {
  const auto typed = std::make_shared<CompareArguments>();
  Command& compare = declaration.add(
      {.name = "compare",
       .usage = "A B [OPTIONS]",
       .summary = "Say how two pictures differ, and where",
       .examples = {{"compare before.png after.png", "two pictures"},
                    {"compare before.png after.png --heatmap where.png", "and where"},
                    {"compare a.tif b.tif --page 3 --json", "a page, as JSON"}},
       .remarks = {"Largest and mean difference in levels of A, PSNR against the full range, how many pixels differ, "
                   "and where they differ most. Size, pages and bands must agree, depths need not."}});
  compare.word({.name = "A", .brief = "The picture to compare with"}, typed->a);
  compare.word({.name = "B", .brief = "The picture to compare"}, typed->b);
  compare.option({.names = "--heatmap",
                  .shape = "FILE",
                  .topic = "Looking",
                  .brief = "Write a picture of the differences",
                  .more = "Black where nothing differs, then blue, red and yellow to white, the largest.",
                  .shown = true,
                  .takes = Takes::file},
                 [typed](const std::string& text) { typed->heatmap = file_name("--heatmap", text); });
  compare.flag({.names = "--json", .shape = "", .topic = "Looking", .brief = "Answer as JSON", .shown = true},
               typed->json);
  declare_reading(compare, typed->read, Reads::pixels);
  compare.settle = [typed]() -> Request {
    file_name("A", typed->a);
    file_name("B", typed->b);
    settle_reading(typed->read);
    return std::move(*typed);
  };
}

}  // namespace gaussfilt::cli
