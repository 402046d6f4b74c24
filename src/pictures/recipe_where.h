// Floor 4. What the steps of a recipe have in common: where on the picture, and what lies beyond its edges.
#pragma once

#include "json_reader.h"

#include <gaussfilt/border.h>
#include <gaussfilt/pictures.h>

#include <vector>

namespace gaussfilt::pictures {

struct Where {
  Border border = Border::reflect;
  double cval = 0;
  std::vector<Region> regions;
  bool invert = false;
  double feather = 0;
  RegionSource source = RegionSource::context;
};

void read_border(const Value& value, Where& where);
void read_regions(const Value& value, Where& where);
void read_invert(const Value& value, Where& where);
void read_feather(const Value& value, Where& where);
void read_source(const Value& value, Where& where);

// The members "border", "regions", "invert", "feather", "source".
template <class Draft> void add_where(std::vector<Member<Draft>>& members) {
  members.push_back({"border", read_border});
  members.push_back({"regions", read_regions});
  members.push_back({"invert", read_invert});
  members.push_back({"feather", read_feather});
  members.push_back({"source", read_source});
}
// Throws RecipeError where one needs another.
void check_where(const Value& value, const Where& where);

template <class Options> void put_where(const Where& where, Options& options) {
  options.border = where.border;
  options.cval = where.cval;
  options.regions = where.regions;
  options.invert = where.invert;
  options.feather = where.feather;
  options.source = where.source;
}
// The members that are not as they are without being said.
void write_where(const Where& where, nlohmann::ordered_json& step);
template <class Options> void write_where(const Options& options, nlohmann::ordered_json& step) {
  write_where(Where{options.border, options.cval, options.regions, options.invert, options.feather, options.source},
              step);
}

}  // namespace gaussfilt::pictures
