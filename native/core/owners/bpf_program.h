#pragma once

#include <cstdint>
#include <vector>

#include "core/owners/btf.h"
#include "core/status.h"

namespace sockscope {

// One instruction as the kernel takes it: struct bpf_insn, on a little-endian machine.
struct BpfInstruction {
  uint8_t code;
  uint8_t registers;   // destination, and the source in the high four bits
  int16_t offset;
  int32_t immediate;
};
static_assert(sizeof(BpfInstruction) == 8);
using BpfProgram = std::vector<BpfInstruction>;

// Where the kernel that runs has the fields that the program reads: bytes from the beginning of each struct.
struct OwnerFields {
  int16_t meta_seq;            // bpf_iter_meta
  int16_t meta_seq_num;
  int16_t task_tid;            // task_struct.pid
  int16_t task_tgid;
  int16_t task_group_leader;
  int16_t task_start;          // ns from boot
  int16_t file_inode;
  int16_t inode_number;
};

// kNotSupported where the kernel has no such field, or has it out of an instruction's reach.
Status FindOwnerFields(const Btf& btf, OwnerFields* fields);

// The program of iter/task_file: for every descriptor of a socket one BpfRecord, and the header before the first.
BpfProgram OwnerProgram(const OwnerFields& fields);

}  // namespace sockscope
