#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"

namespace sockscope {

// Of a struct: bytes from its beginning, and bytes that it takes, 0 where that is not told.
struct BtfMember {
  uint32_t offset;
  uint32_t bytes;
};

// The kernel's description of its own types and functions (BTF): where a field is, and a function's number.
// Bytes that are not what they ought to be are kMalformed, or describe nothing.
class Btf {
 public:
  Btf() = default;
  Btf(Btf&&) = default;
  Btf& operator=(Btf&&) = default;   // its parts point into its bytes: it is not copied
  // Throws std::bad_alloc. kNotSupported: a kind of type that is unknown here; nothing behind it can be found.
  static Status Parse(std::vector<uint8_t> bytes, Btf* btf);
  // Reads the file: /sys/kernel/btf/vmlinux. kNotSupported where there is none.
  static Status Read(const std::string& path, Btf* btf);

  size_t types() const { return starts_.size(); }
  // The id of a function, as the attributes of bpf(2) have it; 0 where there is none.
  uint32_t FindFunction(std::string_view name) const;
  // The id of a struct; 0 where there is none.
  uint32_t FindStruct(std::string_view name) const;
  // Bytes of the struct with this id.
  std::optional<uint32_t> StructBytes(uint32_t id) const;
  // A member of the struct with this id, which may stand in an anonymous struct or union of it. Absent: no such member, or
  // a bit field.
  std::optional<BtfMember> MemberOf(uint32_t id, std::string_view member) const;
  // Bytes to the member from the beginning of the first struct of this name that has it.
  std::optional<uint32_t> MemberOffset(std::string_view type, std::string_view member) const;

 private:
  struct Type;
  Type At(uint32_t start) const;
  bool Named(uint32_t name, std::string_view expected) const;
  std::optional<BtfMember> FindMember(uint32_t start, std::string_view member, int depth, uint32_t* left) const;
  uint32_t BytesOf(uint32_t id) const;

  std::vector<uint8_t> bytes_;
  std::span<const uint8_t> section_;      // types, in bytes_
  std::span<const uint8_t> strings_;      // names, each ended by a zero, in bytes_
  std::vector<uint32_t> starts_;          // of type id - 1, in section_
  std::vector<uint32_t> structs_;         // ids, ascending: one type in ten is a struct
};

}  // namespace sockscope
