// RE2::Set behind C functions: no exception and no C++ type crosses the border.

#include <re2/re2.h>
#include <re2/set.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace {
struct Set {
  RE2::Set set;
  std::vector<int> hits;
};

RE2::Options options(int64_t memory_max) {
  RE2::Options options(RE2::Quiet);
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_max_mem(memory_max);
  options.set_dot_nl(true);
  return options;
}
}  // namespace

extern "C" {

Set* re2_set_new(int64_t memory_max) {
  return new Set{RE2::Set(options(memory_max), RE2::UNANCHORED), {}};
}

void re2_set_free(Set* set) { delete set; }

// The pattern's number, or -1.
int re2_set_add(Set* set, const char* pattern, size_t length) {
  return set->set.Add(re2::StringPiece(pattern, length), nullptr);
}

bool re2_set_compile(Set* set) { return set->set.Compile(); }

// How many patterns match; -1 when the memory did not suffice. The hits stay until the next call.
ptrdiff_t re2_set_match(Set* set, const char* text, size_t length, const int** hits) {
  RE2::Set::ErrorInfo error{RE2::Set::kNoError};
  set->hits.clear();
  bool any = set->set.Match(re2::StringPiece(text, length), &set->hits, &error);
  *hits = set->hits.data();
  if (!any && error.kind != RE2::Set::kNoError) return -1;
  return static_cast<ptrdiff_t>(set->hits.size());
}
}
