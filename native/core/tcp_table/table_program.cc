#include "core/tcp_table/table_program.h"

#include <sys/socket.h>

#include <cstddef>
#include <initializer_list>

#include "core/owners/bpf_instructions.h"

namespace sockscope {

namespace {

using namespace bpf;

constexpr int32_t kGetCurrentTask = 158;   // a helper: as a pointer to a task_struct
constexpr int32_t kTimeWait = 6, kListen = 10, kNewSynRecv = 12;
// A list ends in its bucket's number, doubled and odd; of listeners from this number on. Kernel: LISTENING_NULLS_BASE.
constexpr int32_t kFirstListenerList = 1 << 29;
constexpr Register kMapValue = static_cast<Register>(2);   // what the immediate of a load names: a descriptor of a map

// Kept in registers over the whole walk.
constexpr Register kContext = kSaved6, kSocket = kSaved7, kPlace = kSaved8, kNode = kSaved9;
// Kept on the stack.
constexpr int16_t kSteps = -8, kBucket = -16, kTable = -24, kBuckets = -32, kNet = -40, kBucketPlace = -48, kHash = -56,
                  kBucketBytes = -64;

int16_t Field(size_t offset) { return static_cast<int16_t>(offset); }
constexpr int16_t kListeners = offsetof(TableQuestion, listeners);
constexpr int16_t kAsItIs = offsetof(TableQuestion, as_it_is);
constexpr int16_t kNumber = offsetof(TableQuestion, number);

// Writes the program down. Pointers of the kernel become numbers by a passage through the context.
class TableProgramWriter {
 public:
  TableProgramWriter(const TableFields& fields, const TableMemory& memory) : fields_(fields), memory_(memory) {}

  BpfProgram Write() {
    Begin();
    const size_t loop = program_.size();
    Emit({Move(kArg1, kFrame), AddValue(kArg1, kSteps), CallFunction(fields_.next)});
    const size_t out_of_steps = Emit(JumpIfEqual(kResult, 0));
    const size_t list_end = Emit(JumpIfBits(kNode, 1));
    const size_t nowhere = Emit(JumpIfEqual(kNode, 0));
    const SocketExits socket = WalkSocket(loop);
    Land(list_end);
    const Exits bucket = EndBucket(loop);
    Land(socket.changed);
    Land(bucket.changed);
    Land(socket.left);
    const size_t left = WalkBucketAgain(loop);
    Land(nowhere);
    Emit(StoreValueAt(k64Bits, kContext, Field(offsetof(TableQuestion, broken)), 1));
    for (const size_t jump : {out_of_steps, socket.done, bucket.done, left}) Land(jump);
    End();
    return std::move(program_);
  }

 private:
  // Jumps that leave a part of the program.
  struct Exits {
    size_t done, changed;
  };
  struct SocketExits {
    size_t done, changed, left;
  };

  size_t Emit(BpfInstruction instruction) {
    program_.push_back(instruction);
    return program_.size() - 1;
  }
  void Emit(std::initializer_list<BpfInstruction> more) { program_.insert(program_.end(), more); }
  void Land(size_t jump) { JumpTo(jump, program_.size()); }
  void JumpTo(size_t jump, size_t target) {
    program_[jump].offset = static_cast<int16_t>(static_cast<ptrdiff_t>(target) - static_cast<ptrdiff_t>(jump) - 1);
  }
  void JumpBack(size_t target) { JumpTo(Emit(Jump()), target); }

  // kResult = the number in the register as a pointer to that struct. Clobbers the arguments.
  void Cast(Register address, uint32_t type) {
    Emit({Move(kArg1, address), SetValue(kArg2, static_cast<int32_t>(type)), CallFunction(fields_.cast)});
  }
  void ToNumber(Register pointer, Register number) {
    Emit({StoreAt(k64Bits, kContext, kNumber, pointer), Load(k64Bits, number, kContext, kNumber)});
  }

  void Begin() {
    Emit({Move(kContext, kArg1), CallFunction(fields_.lock)});
    FindTable();
    // Loaded, and not set: the verifier follows a number that it knows through every turn of the loop.
    Emit({Load(k64Bits, kPlace, kContext, Field(offsetof(TableQuestion, written))), StoreAt(k64Bits, kFrame, kBucketPlace, kPlace),
          Load(k64Bits, kArg1, kContext, Field(offsetof(TableQuestion, bucket))),
          StoreAt(k64Bits, kFrame, kBucket, kArg1)});
    EnterBucket();
    Emit({Move(kArg1, kFrame), AddValue(kArg1, kSteps), SetValue(kArg2, 0),
          Load(k64Bits, kArg3, kContext, Field(offsetof(TableQuestion, steps))), CallFunction(fields_.begin)});
  }

  // The table of the network namespace that this thread is in. Namespaces may share one.
  void FindTable() {
    Emit({Call(kGetCurrentTask), Load(k64Bits, kArg3, kResult, fields_.task_nsproxy),
          Load(k64Bits, kArg3, kArg3, fields_.nsproxy_net)});
    ToNumber(kArg3, kArg2);
    Emit({StoreAt(k64Bits, kFrame, kNet, kArg2), Load(k64Bits, kArg3, kArg3, fields_.net_tables),
          Load(k64Bits, kArg4, kContext, kListeners)});
    const size_t others = Emit(JumpIfEqual(kArg4, 0));
    Emit({Load(k64Bits, kArg1, kArg3, fields_.tables_listeners),
          Load(k32Bits, kArg4, kArg3, fields_.tables_listeners_mask)});
    ToNumber(kArg1, kArg2);
    Emit({AddValue(kArg2, fields_.listeners_list), SetValue(kArg1, fields_.listeners_bucket)});
    const size_t found = Emit(Jump());
    Land(others);
    Emit({Load(k64Bits, kArg1, kArg3, fields_.tables_others), Load(k32Bits, kArg4, kArg3, fields_.tables_others_mask)});
    ToNumber(kArg1, kArg2);
    Emit({AddValue(kArg2, fields_.others_list), SetValue(kArg1, fields_.others_bucket)});
    Land(found);
    Emit({StoreAt(k64Bits, kFrame, kTable, kArg2), StoreAt(k64Bits, kFrame, kBucketBytes, kArg1), AddValue(kArg4, 1),
          StoreAt(k64Bits, kFrame, kBuckets, kArg4),
          StoreAt(k64Bits, kContext, Field(offsetof(TableQuestion, buckets)), kArg4)});
  }

  // kNode = the first in the bucket's list.
  void EnterBucket() {
    Emit({Load(k64Bits, kArg1, kFrame, kBucket), Load(k64Bits, kArg2, kFrame, kBucketBytes), Multiply(kArg1, kArg2),
          Load(k64Bits, kArg2, kFrame, kTable), Add(kArg1, kArg2)});
    Cast(kArg1, fields_.word);
    Emit(Load(k64Bits, kNode, kResult, 0));
  }

  SocketExits WalkSocket(size_t loop) {
    Emit({Move(kArg1, kNode), AddValue(kArg1, -fields_.node)});
    Cast(kArg1, fields_.sock_common);
    Emit({Move(kSocket, kResult), Load(k64Bits, kArg1, kSocket, fields_.net), Load(k64Bits, kArg2, kFrame, kNet)});
    const size_t foreign = Emit(JumpUnlessEqual(kArg1, kArg2));
    const size_t full = Emit(JumpIfAbove(kPlace, static_cast<int32_t>(memory_.bytes - kIpv6RecordBytes)));
    Emit({Load(k32Bits, kArg1, kSocket, fields_.hash), StoreAt(k64Bits, kFrame, kHash, kArg1)});
    WriteQueues();
    WritePorts();
    WriteAddresses();
    // Its memory may have become another socket's; what leaves its list loses its ports and state after that.
    Emit({Load(k32Bits, kArg1, kSocket, fields_.hash), Load(k64Bits, kArg2, kFrame, kHash)});
    const size_t changed = Emit(JumpUnlessEqual(kArg1, kArg2));
    Emit(Load(k64Bits, kArg1, kSocket, fields_.linked));
    const size_t left = Emit(JumpIfEqual(kArg1, 0));
    Emit(Move(kPlace, kArg4));
    Land(foreign);
    Cast(kNode, fields_.word);
    Emit(Load(k64Bits, kNode, kResult, 0));
    JumpBack(loop);
    return {full, changed, left};
  }

  // kArg5 = where the record goes.
  void PointToRecord() {
    Emit({Make(0x18, kArg5, kMapValue, 0, memory_.map), Make(0, kResult, kResult, 0, 0), Add(kArg5, kPlace)});
  }

  void WriteQueues() {
    Emit(Load(k8Bits, kArg4, kSocket, fields_.state));
    const size_t time_wait = Emit(JumpIfEqual(kArg4, kTimeWait));
    const size_t request = Emit(JumpIfEqual(kArg4, kNewSynRecv));
    const size_t listener = Emit(JumpIfEqual(kArg4, kListen));
    Cast(kSocket, fields_.tcp_sock);
    PointToRecord();
    WriteDifference(fields_.received, fields_.copied, offsetof(TableRecord, receive_queue));
    WriteDifference(fields_.written, fields_.acknowledged, offsetof(TableRecord, send_queue));
    Emit(Load(k8Bits, kArg4, kSocket, fields_.state));
    const size_t full = Emit(Jump());
    Land(listener);
    Cast(kSocket, fields_.sock);
    PointToRecord();
    Emit({Load(k32Bits, kArg1, kResult, fields_.backlog),
          StoreAt(k32Bits, kArg5, Field(offsetof(TableRecord, receive_queue)), kArg1),
          Load(k32Bits, kArg1, kResult, fields_.most_backlog),
          StoreAt(k32Bits, kArg5, Field(offsetof(TableRecord, send_queue)), kArg1), SetValue(kArg4, kListen)});
    const size_t listened = Emit(Jump());
    Land(time_wait);
    Cast(kSocket, fields_.time_wait);
    PointToRecord();
    Emit({Load(k8Bits, kArg4, kResult, fields_.substate),
          StoreValueAt(k64Bits, kArg5, Field(offsetof(TableRecord, receive_queue)), 0)});
    const size_t waits = Emit(Jump());
    Land(request);
    PointToRecord();
    Emit({SetValue(kArg4, kNewSynRecv),
          StoreValueAt(k64Bits, kArg5, Field(offsetof(TableRecord, receive_queue)), 0)});
    for (const size_t jump : {full, listened, waits}) Land(jump);
    Emit(StoreAt(k8Bits, kArg5, Field(offsetof(TableRecord, state)), kArg4));
  }

  void WriteDifference(int16_t from, int16_t less, size_t field) {
    Emit({Load(k32Bits, kArg1, kResult, from), Load(k32Bits, kArg2, kResult, less), Subtract32(kArg1, kArg2),
          StoreAt(k32Bits, kArg5, Field(field), kArg1)});
  }

  void WritePorts() {
    Copy(k32Bits, fields_.ports, offsetof(TableRecord, remote_port));
  }

  // kArg4 = the place of what comes after this record.
  void WriteAddresses() {
    constexpr size_t addresses = offsetof(TableRecord, addresses);
    Emit({Load(k16Bits, kArg3, kSocket, fields_.family),
          StoreAt(k16Bits, kArg5, Field(offsetof(TableRecord, family)), kArg3), Move(kArg4, kPlace)});
    const size_t six = Emit(JumpIfEqual(kArg3, AF_INET6));
    Copy(k64Bits, fields_.addresses, addresses);
    Emit(AddValue(kArg4, kIpv4RecordBytes));
    const size_t four = Emit(Jump());
    Land(six);
    for (int16_t i = 0; i < 16; i += 4) {
      Copy(k32Bits, static_cast<int16_t>(fields_.remote6 + i), addresses + static_cast<size_t>(i));
      Copy(k32Bits, static_cast<int16_t>(fields_.local6 + i), addresses + 16 + static_cast<size_t>(i));
    }
    Emit(AddValue(kArg4, kIpv6RecordBytes));
    Land(four);
  }

  void Copy(Width width, int16_t from, size_t to) {
    Emit({Load(width, kArg1, kSocket, from), StoreAt(width, kArg5, Field(to), kArg1)});
  }

  Exits EndBucket(size_t loop) {
    Emit({Move(kArg2, kNode), ShiftRight(kArg2, 1), Load(k64Bits, kArg3, kFrame, kBucket),
          Load(k64Bits, kArg1, kContext, kListeners)});
    const size_t others = Emit(JumpIfEqual(kArg1, 0));
    Emit(AddValue(kArg2, -kFirstListenerList));
    Land(others);
    const size_t changed = Emit(JumpUnlessEqual(kArg2, kArg3));
    Emit({AddValue(kArg3, 1), StoreAt(k64Bits, kFrame, kBucket, kArg3), StoreAt(k64Bits, kFrame, kBucketPlace, kPlace),
          Load(k64Bits, kArg2, kFrame, kBuckets)});
    const size_t done = Emit(JumpUnlessBelow(kArg3, kArg2));
    EnterBucket();
    JumpBack(loop);
    return {done, changed};
  }

  // The jump of a run that does not.
  size_t WalkBucketAgain(size_t loop) {
    Emit(Load(k64Bits, kArg1, kContext, kAsItIs));
    const size_t left = Emit(JumpUnlessEqual(kArg1, 0));
    constexpr int16_t restarts = offsetof(TableQuestion, restarts);
    Emit({Load(k64Bits, kArg1, kContext, restarts), AddValue(kArg1, 1), StoreAt(k64Bits, kContext, restarts, kArg1),
          Load(k64Bits, kPlace, kFrame, kBucketPlace)});
    EnterBucket();
    JumpBack(loop);
    return left;
  }

  void End() {
    Emit({Move(kArg1, kFrame), AddValue(kArg1, kSteps), CallFunction(fields_.end), CallFunction(fields_.unlock),
          Load(k64Bits, kArg1, kFrame, kBucket),
          StoreAt(k64Bits, kContext, Field(offsetof(TableQuestion, bucket)), kArg1),
          Load(k64Bits, kArg1, kFrame, kBucketPlace), Load(k64Bits, kArg2, kContext, kAsItIs)});
    const size_t whole = Emit(JumpIfEqual(kArg2, 0));
    Emit(Move(kArg1, kPlace));
    Land(whole);
    Emit({StoreAt(k64Bits, kContext, Field(offsetof(TableQuestion, written)), kArg1), SetValue(kResult, 0), Exit()});
  }

  const TableFields& fields_;
  const TableMemory memory_;
  BpfProgram program_;
};

}  // namespace

BpfProgram MakeTableProgram(const TableFields& fields, const TableMemory& memory) {
  return TableProgramWriter(fields, memory).Write();
}

}  // namespace sockscope
