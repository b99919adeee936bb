#include "core/owners/btf.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/byte_cursor.h"
#include "core/unique_fd.h"

namespace sockscope {

namespace {

constexpr char kOperation[] = "read /sys/kernel/btf/vmlinux";
constexpr size_t kMostBytes = size_t{64} << 20;
constexpr size_t kStepBytes = size_t{1} << 20;
constexpr int kMostDepth = 8;                // anonymous structs within one another; a loop of them ends here
constexpr uint32_t kMostMembers = 1 << 20;   // looked at in one search

// BTF_KIND_* that are asked for.
constexpr uint32_t kInt = 1, kPointer = 2, kStruct = 4, kUnion = 5, kEnum = 6, kFunction = 12;
// Other names for a type.
constexpr uint32_t kTypedef = 8, kVolatile = 9, kConst = 10, kRestrict = 11, kTypeTag = 18;

struct Header {
  uint16_t magic;
  uint8_t version;
  uint8_t flags;
  uint32_t header_bytes;
  uint32_t type_offset;     // from the end of the header, as string_offset
  uint32_t type_bytes;
  uint32_t string_offset;
  uint32_t string_bytes;
};
static_assert(sizeof(Header) == 24);

struct Member {
  uint32_t name;
  uint32_t type;
  uint32_t place;   // bits from the beginning; of types with the kind flag a bit field's width is in the high eight
};
static_assert(sizeof(Member) == 12);

Status Malformed() { return Status::From(Status::Code::kMalformed, kOperation); }

// Bytes that follow the twelve of every type: so many, and so many for each of its entries. False: an unknown kind.
bool TailOf(uint32_t kind, size_t* once, size_t* each) {
  *once = *each = 0;
  switch (kind) {
    case 1: case 14: case 17: *once = 4; return true;    // INT, VAR, DECL_TAG
    case 3: *once = 12; return true;                     // ARRAY
    case 4: case 5: case 15: case 19: *each = 12; return true;   // STRUCT, UNION, DATASEC, ENUM64
    case 6: case 13: *each = 8; return true;             // ENUM, FUNC_PROTO
    case 2: case 7: case 8: case 9: case 10: case 11: case 12: case 16: case 18: return true;
    default: return false;
  }
}

std::optional<std::span<const uint8_t>> Part(std::span<const uint8_t> bytes, uint32_t offset, uint32_t count) {
  if (offset > bytes.size() || count > bytes.size() - offset) return std::nullopt;
  return bytes.subspan(offset, count);
}

}  // namespace

struct Btf::Type {
  uint32_t name;
  uint32_t info;
  uint32_t size_or_type;

  // The unused bits of `info` beside its counts are zero so far, and are kept for the counts to grow.
  uint32_t entries() const { return info & 0xffffff; }
  uint32_t kind() const { return info >> 24 & 0x7f; }
  bool flag() const { return info >> 31 != 0; }
};

Btf::Type Btf::At(uint32_t start) const { return ByteCursor(section_.subspan(start)).Read<Type>(); }

bool Btf::Named(uint32_t name, std::string_view expected) const {
  if (name >= strings_.size() || expected.size() >= strings_.size() - name) return false;
  const uint8_t* at = strings_.data() + name;
  return std::memcmp(at, expected.data(), expected.size()) == 0 && at[expected.size()] == 0;
}

Status Btf::Parse(std::vector<uint8_t> bytes, Btf* btf) {
  Btf parsed;
  parsed.bytes_ = std::move(bytes);
  ByteCursor file(parsed.bytes_);
  const auto header = file.Read<Header>();
  if (!file.ok() || header.magic != 0xeb9f || header.version != 1) return Malformed();
  if (header.header_bytes < sizeof(Header) || header.header_bytes > parsed.bytes_.size()) return Malformed();
  const auto rest = std::span<const uint8_t>(parsed.bytes_).subspan(header.header_bytes);
  const auto section = Part(rest, header.type_offset, header.type_bytes);
  const auto strings = Part(rest, header.string_offset, header.string_bytes);
  if (!section || !strings || strings->empty() || strings->back() != 0) return Malformed();
  parsed.section_ = *section;
  parsed.strings_ = *strings;

  for (ByteCursor types(*section); !types.rest().empty();) {
    const auto start = static_cast<uint32_t>(section->size() - types.rest().size());
    const Type type = types.Read<Type>();
    size_t once, each;
    if (!types.ok()) return Malformed();
    if (!TailOf(type.kind(), &once, &each)) return Status::From(Status::Code::kNotSupported, kOperation);
    types.Skip(once + each * type.entries());
    if (!types.ok()) return Malformed();
    parsed.starts_.push_back(start);
    if (type.kind() == kStruct) parsed.structs_.push_back(static_cast<uint32_t>(parsed.starts_.size()));
  }
  *btf = std::move(parsed);   // the bytes stay where they are
  return Status::Ok();
}

Status Btf::Read(const std::string& path, Btf* btf) {
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) {
    const bool none = errno == ENOENT || errno == ENOTDIR;
    return Status::From(none ? Status::Code::kNotSupported : Status::Code::kSystem, kOperation, errno);
  }
  // The system call itself: by the C library's function the addon would need a glibc of 2021.
  struct stat facts {};
  const bool told = syscall(SYS_fstat, file.get(), &facts) == 0 && facts.st_size > 0 &&
                    size_t(facts.st_size) <= kMostBytes;
  // Of its size at once, and a byte to see the end by: what grows is touched, and resident, twice.
  std::vector<uint8_t> bytes(told ? size_t(facts.st_size) + 1 : kStepBytes);
  size_t length = 0;
  for (;;) {
    if (bytes.size() == length) bytes.resize(bytes.size() * 2 + kStepBytes);
    const ssize_t count = read(file.get(), bytes.data() + length, bytes.size() - length);
    if (count == 0) break;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Status::FromErrno(kOperation, errno);
    length += static_cast<size_t>(count);
    if (length > kMostBytes) return Malformed();
  }
  bytes.resize(length);
  return Parse(std::move(bytes), btf);
}

uint32_t Btf::FindFunction(std::string_view name) const {
  for (size_t i = 0; i < starts_.size(); ++i) {
    const Type type = At(starts_[i]);
    if (type.kind() == kFunction && Named(type.name, name)) return static_cast<uint32_t>(i + 1);
  }
  return 0;
}

uint32_t Btf::FindStruct(std::string_view name) const {
  for (const uint32_t id : structs_) {
    if (Named(At(starts_[id - 1]).name, name)) return id;
  }
  return 0;
}

std::optional<uint32_t> Btf::StructBytes(uint32_t id) const {
  if (id == 0 || id > starts_.size() || At(starts_[id - 1]).kind() != kStruct) return std::nullopt;
  return At(starts_[id - 1]).size_or_type;
}

std::optional<BtfMember> Btf::MemberOf(uint32_t id, std::string_view member) const {
  uint32_t left = kMostMembers;
  if (!StructBytes(id)) return std::nullopt;
  return FindMember(starts_[id - 1], member, 0, &left);
}

std::optional<uint32_t> Btf::MemberOffset(std::string_view type, std::string_view member) const {
  uint32_t left = kMostMembers;
  for (const uint32_t id : structs_) {
    const uint32_t start = starts_[id - 1];
    if (!Named(At(start).name, type)) continue;
    if (const auto found = FindMember(start, member, 0, &left)) return found->offset;
  }
  return std::nullopt;
}

std::optional<BtfMember> Btf::FindMember(uint32_t start, std::string_view member, int depth, uint32_t* left) const {
  const Type type = At(start);
  ByteCursor members(section_.subspan(start + sizeof(Type)));
  for (uint32_t i = 0; i < type.entries() && *left > 0; ++i, --*left) {
    const auto entry = members.Read<Member>();
    const uint32_t bits = type.flag() ? entry.place & 0xffffff : entry.place;
    if (bits % 8 != 0 || (type.flag() && entry.place >> 24 != 0)) continue;
    if (Named(entry.name, member)) return BtfMember{bits / 8, BytesOf(entry.type)};
    if (!Named(entry.name, "") || depth == kMostDepth || entry.type == 0 || entry.type > starts_.size()) continue;
    const uint32_t inner = starts_[entry.type - 1];
    if (const uint32_t kind = At(inner).kind(); kind != kStruct && kind != kUnion) continue;
    if (const auto found = FindMember(inner, member, depth + 1, left)) return BtfMember{bits / 8 + found->offset, found->bytes};
    if (*left == 0) break;
  }
  return std::nullopt;
}

uint32_t Btf::BytesOf(uint32_t id) const {
  for (int depth = 0; depth < kMostDepth && id != 0 && id <= starts_.size(); ++depth) {
    const Type type = At(starts_[id - 1]);
    switch (type.kind()) {
      case kInt: case kStruct: case kUnion: case kEnum: return type.size_or_type;
      case kPointer: return sizeof(void*);
      case kTypedef: case kVolatile: case kConst: case kRestrict: case kTypeTag: id = type.size_or_type; break;
      default: return 0;
    }
  }
  return 0;
}

}  // namespace sockscope
