#include "core/tcp_table/table_transport.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/byte_cursor.h"
#include "core/guard.h"
#include "core/owners/bpf_owners.h"
#include "core/owners/bpf_trial.h"
#include "core/owners/btf.h"

namespace sockscope {

namespace {

using Code = Status::Code;

constexpr char kOperation[] = "walk TCP tables";
constexpr uint8_t kSynRecv = 3, kClose = 7, kListen = 10, kNewSynRecv = 12;
// No socket in the tables is in another, and no other is told.
constexpr uint32_t kStates = 0xffe & ~(1u << kClose);

struct DiagMessage {
  nlmsghdr header;
  inet_diag_msg body;
};
static_assert(sizeof(DiagMessage) == 88);

uint32_t AtLeast0(uint32_t difference) { return static_cast<int32_t>(difference) < 0 ? 0 : difference; }

uint8_t StateOf(const TableRecord& record) { return record.state == kNewSynRecv ? kSynRecv : record.state; }

void Fill(const TableRecord& record, uint32_t sequence, DiagMessage* message) {
  *message = {};
  message->header = {.nlmsg_len = sizeof(DiagMessage), .nlmsg_type = TCPDIAG_GETSOCK, .nlmsg_flags = NLM_F_MULTI,
                     .nlmsg_seq = sequence, .nlmsg_pid = 0};
  inet_diag_msg& body = message->body;
  body.idiag_family = static_cast<uint8_t>(record.family);
  body.idiag_state = StateOf(record);
  body.id.idiag_sport = htons(record.local_port);
  body.id.idiag_dport = record.remote_port;
  const size_t words = record.family == AF_INET6 ? 4 : 1;
  std::memcpy(body.id.idiag_dst, record.addresses, words * 4);
  std::memcpy(body.id.idiag_src, record.addresses + words, words * 4);
  body.idiag_rqueue = AtLeast0(record.receive_queue);
  body.idiag_wqueue = AtLeast0(record.send_queue);
}

}  // namespace

TableTransport::~TableTransport() {
  Unmap();
}

void TableTransport::Unmap() {
  if (records_ != nullptr) munmap(const_cast<uint8_t*>(records_), records_bytes_);
  records_ = nullptr;
}

Status TableTransport::Send(std::span<const uint8_t> request) {
  if (!refused_.ok()) return refused_;
  if (program_.valid() || !TakeRequest(request)) return Status::From(Code::kNotSupported, kOperation, EOPNOTSUPP);
  question_ = {.listeners = states_ >> kListen & 1, .steps = steps_.first};
  return refused_ = Guard([this] {
    const Status found = FindFields();
    return found.ok() ? Load() : found;
  });
}

bool TableTransport::TakeRequest(std::span<const uint8_t> request) {
  ByteCursor cursor(request);
  const auto header = cursor.Read<nlmsghdr>();
  sequence_ = header.nlmsg_seq;
  if (header.nlmsg_type == TCPDIAG_GETSOCK) {
    states_ = cursor.Read<inet_diag_req>().idiag_states;
    family_ = 0;
    return cursor.ok();
  }
  const auto body = cursor.Read<inet_diag_req_v2>();
  states_ = body.idiag_states;
  family_ = body.sdiag_family;
  return cursor.ok() && header.nlmsg_type == SOCK_DIAG_BY_FAMILY && body.sdiag_protocol == IPPROTO_TCP;
}

bool TableTransport::IsWanted(const TableRecord& record) const {
  const uint8_t state = StateOf(record);
  return state < 32 && ((kStates & states_) >> state & 1) != 0 && (family_ == 0 || family_ == record.family);
}

Status TableTransport::FindFields() {
#if !defined(__x86_64__)
  // The program tells by the order of its reads whether a socket has changed. Other machines may change that order: there it
  // would need a barrier before the hash is read again, and a machine to show that the verifier and the result are right.
  return Status::From(Code::kNotSupported, kOperation, EOPNOTSUPP);
#else
  if (!MayUseBpf()) return Status::FromErrno("have CAP_BPF and CAP_PERFMON", EPERM);
  Btf btf;
  if (Status status = Btf::Read(BpfOptions().btf_path, &btf); !status.ok()) return status;
  if (Status status = FindTableFields(btf, &fields_); !status.ok()) return status;
  return TryBpf();
#endif
}

Status TableTransport::Load() {
  const auto bytes = static_cast<uint32_t>(question_.steps * kIpv6RecordBytes);
  if (Status status = CreateMemory(call_, bytes, &memory_); !status.ok()) return status;
  const BpfProgram program = MakeTableProgram(fields_, {.map = memory_.get(), .bytes = bytes});
  if (Status status = LoadRunProgram(call_, program, &program_); !status.ok()) return status;
  void* const mapped = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, memory_.get(), 0);
  if (mapped == MAP_FAILED) return Status::FromErrno("map memory of BPF", errno);
  Unmap();
  records_ = static_cast<const uint8_t*>(mapped);
  records_bytes_ = bytes;
  return Status::Ok();
}

Status TableTransport::Receive(std::span<uint8_t> into, Datagram* out) {
  *out = {};
  while (out->length == 0) {
    if (cancelled_.load(std::memory_order_relaxed)) return Status::From(Code::kCancelled, kOperation);
    if (taken_ < question_.written) {
      out->length = TakeRecords(into);
    } else if (!walked_) {
      if (const Status walked = Walk(); !walked.ok()) return walked;
    } else {
      if (ended_) return Status::FromErrno(kOperation, ENODATA);
      ended_ = true;
      out->length = TakeEnd(into);
    }
  }
  return Status::Ok();
}

Status TableTransport::Walk() {
  const uint64_t before = question_.bucket;
  question_.written = taken_ = 0;
  const Status run = RunProgram(call_, program_.get(), &question_, sizeof(question_));
  if (!run.ok()) return run;
  if (question_.broken != 0 || question_.written > records_bytes_ || question_.bucket < before || question_.bucket > question_.buckets)
    return Status::From(Code::kMalformed, kOperation);
  if (question_.bucket == before) {
    if (const Status insisted = Insist(); !insisted.ok()) return insisted;
  } else {
    question_.steps = steps_.first;
    question_.as_it_is = 0;
  }
  if (question_.bucket < question_.buckets) return Status::Ok();
  const bool others = question_.listeners != 0 && (states_ & ~(1u << kListen)) != 0;
  walked_ = !others;
  if (others) question_ = {.steps = steps_.first, .written = question_.written, .restarts = question_.restarts};
  return Status::Ok();
}

// A run got over no bucket: that is long, or changes all the time.
Status TableTransport::Insist() {
  if (question_.as_it_is != 0) {
    ++question_.bucket;
    question_.as_it_is = 0;
    question_.steps = steps_.first;
    interrupted_ = true;
    return Status::Ok();
  }
  if (question_.steps >= steps_.most) {
    question_.as_it_is = 1;
    return Status::Ok();
  }
  question_.steps = std::min(4 * question_.steps, steps_.most);
  return question_.steps * kIpv6RecordBytes > records_bytes_ ? Guard([this] { return Load(); }) : Status::Ok();
}

size_t TableTransport::TakeRecords(std::span<uint8_t> into) {
  size_t length = 0;
  while (taken_ < question_.written && into.size() - length >= sizeof(DiagMessage)) {
    TableRecord record;
    std::memcpy(&record, records_ + taken_, kIpv4RecordBytes);
    const bool six = record.family == AF_INET6;
    if (six) std::memcpy(&record, records_ + taken_, kIpv6RecordBytes);
    taken_ += six ? kIpv6RecordBytes : kIpv4RecordBytes;
    if (!IsWanted(record)) continue;
    DiagMessage message;
    Fill(record, sequence_, &message);
    std::memcpy(into.data() + length, &message, sizeof(message));
    length += sizeof(message);
  }
  return length;
}

size_t TableTransport::TakeEnd(std::span<uint8_t> into) const {
  struct {
    nlmsghdr header;
    int32_t error;
  } done{{.nlmsg_len = sizeof(done), .nlmsg_type = NLMSG_DONE, .nlmsg_flags = NLM_F_MULTI, .nlmsg_seq = sequence_,
          .nlmsg_pid = 0}, 0};
  if (interrupted_) done.header.nlmsg_flags |= NLM_F_DUMP_INTR;
  std::memcpy(into.data(), &done, sizeof(done));
  return sizeof(done);
}

}  // namespace sockscope
