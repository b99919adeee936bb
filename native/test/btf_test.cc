#include "core/owners/btf.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "test/check.h"

namespace sockscope {
namespace {

using namespace test;
using Bytes = std::vector<uint8_t>;
using Code = Status::Code;

constexpr char kFile[] = "/sys/kernel/btf/vmlinux";
enum Kind : uint32_t { kInt = 1, kPointer = 2, kStruct = 4, kUnion = 5, kTypedef = 8, kVolatile = 9, kFunc = 12, kUnknown = 40 };

// Writes a BTF file: header, types, strings.
class Writer {
 public:
  struct Member {
    const char* name;
    uint32_t type;
    uint32_t bits;
  };

  uint32_t Int() { return Type("int", kInt << 24, 4, {0x20}); }
  uint32_t Sized(const char* name, uint32_t bytes) { return Type(name, kInt << 24, bytes, {bytes * 8}); }
  uint32_t Named(const char* name, Kind kind, uint32_t type) { return Type(name, kind << 24, type, {}); }
  uint32_t Func(const char* name) { return Type(name, kFunc << 24, 1, {}); }
  uint32_t Odd(Kind kind) { return Type("odd", kind << 24, 0, {}); }
  uint32_t Struct(const char* name, std::vector<Member> members, Kind kind = kStruct, bool flag = false) {
    std::vector<uint32_t> words;
    for (const Member& member : members) words.insert(words.end(), {Name(member.name), member.type, member.bits});
    const auto count = static_cast<uint32_t>(members.size());
    return Type(name, kind << 24 | static_cast<uint32_t>(flag) << 31 | count, 64, words);
  }
  Bytes Write() const {
    Bytes out = {0x9f, 0xeb, 1, 0};
    const auto length = static_cast<uint32_t>(types_.size());
    for (const uint32_t word : {24u, 0u, length, length, static_cast<uint32_t>(strings_.size())}) Put(word, &out);
    out.insert(out.end(), types_.begin(), types_.end());
    out.insert(out.end(), strings_.begin(), strings_.end());
    return out;
  }

 private:
  static void Put(uint32_t word, Bytes* out) {
    for (int shift = 0; shift < 32; shift += 8) out->push_back(static_cast<uint8_t>(word >> shift));
  }
  uint32_t Name(const char* name) {
    const auto at = static_cast<uint32_t>(strings_.size());
    strings_.append(name).push_back('\0');
    return at;
  }
  uint32_t Type(const char* name, uint32_t info, uint32_t size_or_type, const std::vector<uint32_t>& words) {
    for (const uint32_t word : {Name(name), info, size_or_type}) Put(word, &types_);
    for (const uint32_t word : words) Put(word, &types_);
    return ++count_;
  }

  Bytes types_;
  std::string strings_ = std::string(1, '\0');
  uint32_t count_ = 0;
};

// 1 int, 2 union {a, b}, 3 struct {union at 64, c at 128}, 4 task {first, struct at 256}, 5 function.
Bytes Sample() {
  Writer writer;
  const uint32_t number = writer.Int();
  const uint32_t inner = writer.Struct("", {{"a", number, 0}, {"b", number, 32}}, kUnion);
  const uint32_t middle = writer.Struct("", {{"", inner, 64}, {"c", number, 128}});
  writer.Struct("task", {{"first", number, 0}, {"", middle, 256}});
  writer.Func("walk");
  return writer.Write();
}

Code ParsedCode(Bytes bytes) {
  Btf btf;
  return Btf::Parse(std::move(bytes), &btf).code();
}

TEST(btf_tells_where_members_are_through_anonymous_structs) {
  Btf btf;
  CHECK(Btf::Parse(Sample(), &btf).ok());
  CHECK_EQ(btf.types(), 5u);
  CHECK_EQ(btf.FindFunction("walk"), 5u);
  CHECK_EQ(btf.FindFunction("wal"), 0u);
  CHECK_EQ(btf.FindFunction("task"), 0u);   // no function
  CHECK_EQ(btf.MemberOffset("task", "first").value(), 0u);
  CHECK_EQ(btf.MemberOffset("task", "a").value(), 40u);
  CHECK_EQ(btf.MemberOffset("task", "b").value(), 44u);
  CHECK_EQ(btf.MemberOffset("task", "c").value(), 48u);
  CHECK(!btf.MemberOffset("task", "d"));
  CHECK(!btf.MemberOffset("walk", "first"));
}

TEST(btf_tells_how_large_structs_and_members_are) {
  Writer writer;
  const uint32_t byte = writer.Sized("unsigned char", 1);
  const uint32_t state = writer.Named("", kVolatile, writer.Named("u8", kTypedef, byte));
  const uint32_t pointer = writer.Named("", kPointer, byte);
  const uint32_t inner = writer.Struct("", {{"family", writer.Sized("short", 2), 16}}, kUnion);
  const uint32_t function = writer.Func("walk");
  const uint32_t loop = writer.Named("loop", kTypedef, function + 1);   // of itself
  const uint32_t all = writer.Struct("all", {{"state", state, 8}, {"next", pointer, 64}, {"", inner, 128}, {"whole", inner, 128},
                                             {"loop", loop, 256}, {"none", 0, 320}, {"function", function, 320}});
  Btf btf;
  CHECK(Btf::Parse(writer.Write(), &btf).ok());
  CHECK_EQ(btf.FindStruct("all"), all);
  CHECK_EQ(btf.StructBytes(all).value(), 64u);
  CHECK(!btf.StructBytes(0) && !btf.StructBytes(byte) && !btf.StructBytes(all + 1));
  const auto member = [&](const char* name) {
    const auto found = btf.MemberOf(all, name).value();
    return std::pair(found.offset, found.bytes);
  };
  CHECK(member("state") == std::pair(1u, 1u));
  CHECK(member("next") == std::pair(8u, 8u));
  CHECK(member("family") == std::pair(18u, 2u));
  CHECK(member("whole") == std::pair(16u, 64u));
  for (const char* name : {"loop", "none", "function"}) CHECK_EQ(member(name).second, 0u);
  CHECK(!btf.MemberOf(all, "absent") && !btf.MemberOf(0, "state") && !btf.MemberOf(byte, "state"));
}

TEST(btf_keeps_its_bytes_when_it_is_moved) {
  Btf first, second;
  CHECK(Btf::Parse(Sample(), &first).ok());
  second = std::move(first);
  CHECK_EQ(second.MemberOffset("task", "c").value(), 48u);
}

TEST(btf_bit_field_has_no_offset) {
  Writer writer;
  const uint32_t number = writer.Int();
  writer.Struct("flags", {{"bit", number, 1u << 24 | 8}, {"odd", number, 3}, {"whole", number, 64}}, kStruct, true);
  Btf btf;
  CHECK(Btf::Parse(writer.Write(), &btf).ok());
  CHECK(!btf.MemberOffset("flags", "bit"));
  CHECK(!btf.MemberOffset("flags", "odd"));
  CHECK_EQ(btf.MemberOffset("flags", "whole").value(), 8u);
}

TEST(btf_cut_anywhere_is_malformed) {
  const Bytes whole = Sample();
  for (size_t length = 0; length < whole.size(); ++length) {
    CHECK_EQ(ParsedCode(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length))), Code::kMalformed);
  }
}

// No byte can lead out of the file (the sanitizers watch), nor a number beyond what the file can hold.
TEST(btf_with_any_byte_garbled_stays_within_itself) {
  const Bytes whole = Sample();
  int parsed = 0, refused = 0;
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const int value : {0x00, 0x01, 0x04, 0x7f, 0x80, 0xff}) {
      Bytes garbled = whole;
      garbled[at] = static_cast<uint8_t>(value);
      Btf btf;
      const bool ok = Btf::Parse(std::move(garbled), &btf).ok();
      ++(ok ? parsed : refused);
      CHECK(ok || btf.types() == 0);
      CHECK(btf.types() <= whole.size() / 12);
      CHECK(btf.FindFunction("walk") <= btf.types());
      for (const char* member : {"first", "a", "c", "none", ""}) {
        (void)btf.MemberOffset("task", member);
        for (uint32_t id = 0; id < 7; ++id) (void)btf.MemberOf(id, member);
      }
    }
  }
  CHECK(parsed > 0 && refused > 0);
}

TEST(btf_structs_within_themselves_end) {
  Writer writer;
  std::vector<Writer::Member> members(1000, Writer::Member{"", 1, 0});   // of the very same type
  writer.Struct("", members);
  writer.Struct("loop", {{"", 1, 0}, {"after", 1, 64}});
  Btf btf;
  CHECK(Btf::Parse(writer.Write(), &btf).ok());
  CHECK(!btf.MemberOffset("loop", "none"));
  CHECK(!btf.MemberOffset("loop", "after"));   // the search gave up before it
}

TEST(btf_kind_of_the_future_is_not_supported) {
  Writer writer;
  writer.Odd(kUnknown);
  CHECK_EQ(ParsedCode(writer.Write()), Code::kNotSupported);
  Bytes version = Sample();
  version[2] = 2;
  CHECK_EQ(ParsedCode(version), Code::kMalformed);
  Bytes swapped = Sample();
  std::swap(swapped[0], swapped[1]);
  CHECK_EQ(ParsedCode(swapped), Code::kMalformed);
}

TEST(btf_missing_file_is_not_supported) {
  Btf btf;
  const Status none = Btf::Read("/proc/self/none", &btf);
  CHECK_EQ(none.code(), Code::kNotSupported);
  CHECK_EQ(none.error_number(), ENOENT);
  CHECK_EQ(Btf::Read("/proc/self/status", &btf).code(), Code::kMalformed);
  CHECK_EQ(Btf::Read("/dev/zero", &btf).code(), Code::kMalformed);   // endless
  CHECK_EQ(Btf::Read("/proc/self", &btf).error_number(), EISDIR);
}

TEST(btf_of_this_kernel_is_read_and_its_prefixes_are_not) {
  Btf btf;
  const Status status = Btf::Read(kFile, &btf);
  if (status.code() == Code::kNotSupported) throw Skip(std::string("no ") + kFile);
  CHECK(status.ok());
  CHECK(btf.types() > 10'000);
  CHECK(btf.FindFunction("schedule") != 0);
  CHECK_EQ(btf.MemberOffset("list_head", "prev").value(), sizeof(void*));
  std::ifstream file(kFile, std::ios::binary);
  const Bytes whole((std::istreambuf_iterator<char>(file)), {});
  for (size_t length = 0; length < whole.size(); length += 997'777) {
    CHECK_EQ(ParsedCode(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length))), Code::kMalformed);
  }
}

}  // namespace
}  // namespace sockscope
