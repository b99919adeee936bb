#include "core/owners/bpf_program.h"

#include <cstddef>
#include <initializer_list>
#include <limits>

#include "core/owners/bpf_instructions.h"
#include "core/owners/bpf_owners.h"

namespace sockscope {

namespace {

using namespace bpf;

// Helpers of the kernel.
constexpr int32_t kSeqWrite = 127;
constexpr int32_t kSockFromFile = 162;

// The context: the arguments of bpf_iter_task_file, eight bytes each.
constexpr int16_t kContextMeta = 0;
constexpr int16_t kContextTask = 8;
constexpr int16_t kContextFd = 16;
constexpr int16_t kContextFile = 24;

constexpr int32_t kNanosecondsPerTick = 10'000'000;   // USER_HZ is 100
constexpr int16_t kRecord = -static_cast<int16_t>(sizeof(BpfRecord));   // on the stack, from the frame's register

constexpr BpfInstruction Store(Register from, size_t field) {
  return Make(0x63, kFrame, from, static_cast<int16_t>(kRecord + field), 0);
}
constexpr BpfInstruction StoreValue(uint32_t value, size_t field) {
  return Make(0x62, kFrame, kResult, static_cast<int16_t>(kRecord + field), static_cast<int32_t>(value));
}
void Append(BpfProgram* program, std::initializer_list<BpfInstruction> more) {
  program->insert(program->end(), more);
}

// Leaves the object alone when the register is zero.
void ExitIfZero(BpfProgram* program, Register a) {
  Append(program, {SkipUnlessZero(a, 2), SetValue(kResult, 0), Exit()});
}

void WriteRecord(BpfProgram* program, Register seq) {
  Append(program, {Move(kArg1, seq), Move(kArg2, kFrame), AddValue(kArg2, kRecord),
                   SetValue(kArg3, sizeof(BpfRecord)), Call(kSeqWrite)});
}

Status Find(const Btf& btf, std::string_view type, std::initializer_list<std::string_view> names, int16_t* offset) {
  for (const std::string_view name : names) {
    const auto found = btf.MemberOffset(type, name);
    if (!found || *found > static_cast<uint32_t>(std::numeric_limits<int16_t>::max())) continue;
    *offset = static_cast<int16_t>(*found);
    return Status::Ok();
  }
  return Status::From(Status::Code::kNotSupported, "find the iterator's fields in BTF");
}

}  // namespace

Status FindOwnerFields(const Btf& btf, OwnerFields* fields) {
  const struct {
    std::string_view type;
    std::initializer_list<std::string_view> names;
    int16_t* offset;
  } wanted[] = {
      {"bpf_iter_meta", {"seq"}, &fields->meta_seq},
      {"bpf_iter_meta", {"seq_num"}, &fields->meta_seq_num},
      {"task_struct", {"pid"}, &fields->task_tid},
      {"task_struct", {"tgid"}, &fields->task_tgid},
      {"task_struct", {"group_leader"}, &fields->task_group_leader},
      // The second is its name before Linux 5.5, which kernels that took the iterator over may have kept.
      {"task_struct", {"start_boottime", "real_start_time"}, &fields->task_start},
      {"file", {"f_inode"}, &fields->file_inode},
      {"inode", {"i_ino"}, &fields->inode_number},
  };
  for (const auto& field : wanted) {
    if (const Status status = Find(btf, field.type, field.names, field.offset); !status.ok()) return status;
  }
  return Status::Ok();
}

BpfProgram OwnerProgram(const OwnerFields& fields) {
  constexpr Register context = kSaved6, task = kSaved7, file = kSaved8, seq = kSaved9;
  BpfProgram program = {Move(context, kArg1), Load(k64Bits, task, context, kContextTask)};
  // Both are null in the call after the last object. That one may have number 0 as well: no header there.
  ExitIfZero(&program, task);
  Append(&program, {Load(k64Bits, file, context, kContextFile)});
  ExitIfZero(&program, file);

  // The number counts objects, sockets or not. One that is shown again, as what it wrote did not fit, keeps its number,
  // and what it wrote is dropped: of number 0 that cannot be, it comes into an empty buffer of 32 KiB.
  Append(&program, {Load(k64Bits, kArg1, context, kContextMeta), Load(k64Bits, seq, kArg1, fields.meta_seq),
                    Load(k64Bits, kArg2, kArg1, fields.meta_seq_num)});
  BpfProgram header = {StoreValue(kBpfMagicLow, offsetof(BpfRecord, pid)),
                       StoreValue(kBpfMagicHigh, offsetof(BpfRecord, fd)),
                       StoreValue(kBpfRecordVersion, offsetof(BpfRecord, inode)),
                       StoreValue(sizeof(BpfRecord), offsetof(BpfRecord, start_ticks))};
  WriteRecord(&header, seq);
  Append(&program, {SkipUnlessZero(kArg2, static_cast<int16_t>(header.size()))});
  program.insert(program.end(), header.begin(), header.end());

  Append(&program, {Move(kArg1, file), Call(kSockFromFile)});
  ExitIfZero(&program, kResult);
  Append(&program, {
      Load(k32Bits, kArg1, task, fields.task_tgid),
      Store(kArg1, offsetof(BpfRecord, pid)),
      Load(k32Bits, kArg2, context, kContextFd),
      Load(k32Bits, kArg3, task, fields.task_tid),
      SkipIfEqual(kArg1, kArg3, 1),
      SetBits32(kArg2, kBpfThreadFd),
      Store(kArg2, offsetof(BpfRecord, fd)),
      Load(k64Bits, kArg1, file, fields.file_inode),
      Load(k64Bits, kArg1, kArg1, fields.inode_number),
      Store(kArg1, offsetof(BpfRecord, inode)),
      Load(k64Bits, kArg1, task, fields.task_group_leader),
      Load(k64Bits, kArg1, kArg1, fields.task_start),
      DivideBy(kArg1, kNanosecondsPerTick),
      Store(kArg1, offsetof(BpfRecord, start_ticks)),
  });
  WriteRecord(&program, seq);
  Append(&program, {SetValue(kResult, 0), Exit()});
  return program;
}

}  // namespace sockscope
