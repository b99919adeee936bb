#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>

#include "core/netlink/dump_request.h"
#include "core/owners/bpf_owners.h"
#include "core/tcp_table/table_transport.h"
#include "test/check.h"

// A walk over TCP tables whose program is played: what it makes of runs that fail, lie, or are cancelled.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

// Plays the kernel: its memory is a file, and `run` is the program. Returns 0, or -1 with errno.
struct PlayedKernel {
  std::function<long(TableQuestion*, TableRecord*)> run;
  int calls = 0;
  int runs = 0;
  uint8_t* memory = nullptr;
  size_t memory_bytes = 0;
  int refusal = 0;   // of programs

  long MakeMemory(const void* attributes) {
    uint32_t bytes;
    std::memcpy(&bytes, static_cast<const uint8_t*>(attributes) + 8, sizeof(bytes));
    const int fd = memfd_create("played", MFD_CLOEXEC);
    if (ftruncate(fd, bytes) != 0) throw Failure("ftruncate");
    memory = static_cast<uint8_t*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    memory_bytes = bytes;
    return fd;
  }
  long Run(const void* attributes) {
    uint64_t context;
    std::memcpy(&context, static_cast<const uint8_t*>(attributes) + 48, sizeof(context));
    ++runs;
    return run(reinterpret_cast<TableQuestion*>(context), reinterpret_cast<TableRecord*>(memory));
  }
  ~PlayedKernel() {
    if (memory != nullptr) munmap(memory, memory_bytes);
  }
};

PlayedKernel* played = nullptr;

long Play(int command, void* attributes, size_t) {
  ++played->calls;
  if (command == kBpfMapCreate) return played->MakeMemory(attributes);
  if (command == kBpfProgRun) return played->Run(attributes);
  if (played->refusal == 0) return memfd_create("program", MFD_CLOEXEC);
  errno = played->refusal;
  return -1;
}

// A table of so many buckets, each with one record of the state.
auto Buckets(uint64_t buckets, uint8_t state = 1) {
  return [=](TableQuestion* question, TableRecord* records) -> long {
    *records = {.remote_port = 1, .local_port = 2, .family = AF_INET, .state = state, .unused = 0, .receive_queue = 0,
                .send_queue = 0, .addresses = {}};
    question->written = kIpv4RecordBytes;
    question->buckets = buckets;
    ++question->bucket;
    return 0;
  };
}

class Walked {
 public:
  explicit Walked(PlayedKernel* kernel) : transport_(Play) {
    if (!MayUseBpf()) throw Skip("no CAP_BPF and CAP_PERFMON");
    played = kernel;
  }

  Status Send() {
    inet_diag_req_v2 body{};
    body.sdiag_protocol = IPPROTO_TCP;
    body.idiag_states = ~(1u << 10);
    DumpRequest request(SOCK_DIAG_BY_FAMILY, body);
    const Status sent = transport_.Send(request.Numbered(1));
    if (sent.code() == Code::kNotSupported) throw Skip(sent.operation());
    return sent;
  }

  // Up to the end, or what came in its place.
  Status Read() {
    for (;;) {
      uint8_t bytes[4096];
      Datagram datagram;
      if (const Status received = transport_.Receive(bytes, &datagram); !received.ok()) return received;
      const auto* header = reinterpret_cast<const nlmsghdr*>(bytes);
      if (header->nlmsg_type == NLMSG_DONE) return Status::Ok();
      rows += static_cast<int>(datagram.length / header->nlmsg_len);
    }
  }

  TableTransport& transport() { return transport_; }
  int rows = 0;

 private:
  TableTransport transport_;
};

TEST(a_table_walk_gives_what_each_run_found) {
  PlayedKernel kernel{.run = Buckets(5)};
  Walked walked(&kernel);
  CHECK(walked.Send().ok());
  CHECK(walked.Read().ok());
  CHECK_EQ(walked.rows, 5);
  CHECK_EQ(kernel.runs, 5);
}

TEST(a_table_walk_leaves_out_what_is_in_no_state_of_the_tables) {
  for (const uint8_t state : {0, 7, 14, 31, 32, 33, 39, 255}) {
    PlayedKernel kernel{.run = Buckets(3, state)};
    Walked walked(&kernel);
    CHECK(walked.Send().ok());
    CHECK(walked.Read().ok());
    CHECK_EQ(walked.rows, 0);
  }
}

TEST(a_table_walk_whose_run_fails_after_rows_says_so) {
  PlayedKernel kernel{.run = [](TableQuestion* question, TableRecord* records) -> long {
    if (question->bucket < 2) return Buckets(5)(question, records);
    errno = ENOMEM;
    return -1;
  }};
  Walked walked(&kernel);
  CHECK(walked.Send().ok());
  const Status read = walked.Read();
  CHECK_EQ(read.error_number(), ENOMEM);
  CHECK_EQ(std::string(read.operation()), "bpf(BPF_PROG_RUN)");
  CHECK_EQ(walked.rows, 2);
}

TEST(a_table_walk_that_answers_nonsense_is_malformed_at_once) {
  const std::function<void(TableQuestion*)> lies[] = {
      [](TableQuestion* question) { question->broken = 1; },
      [](TableQuestion* question) { question->written = uint64_t{1} << 40; },
      [](TableQuestion* question) { question->bucket = question->buckets + 1; },
      [](TableQuestion* question) { question->bucket = 0; },
  };
  for (const auto& lie : lies) {
    PlayedKernel kernel{.run = [&](TableQuestion* question, TableRecord* records) -> long {
      const bool first = question->bucket == 0;
      Buckets(5)(question, records);
      if (!first) lie(question);
      return 0;
    }};
    Walked walked(&kernel);
    CHECK(walked.Send().ok());
    CHECK_EQ(walked.Read().code(), Code::kMalformed);
    CHECK_EQ(kernel.runs, 2);
    CHECK_EQ(walked.rows, 1);
  }
}

TEST(a_table_walk_may_be_cancelled_in_the_middle) {
  Walked* asked = nullptr;
  PlayedKernel kernel{.run = [&](TableQuestion* question, TableRecord* records) -> long {
    if (question->bucket == 2) asked->transport().Cancel();
    return Buckets(5)(question, records);
  }};
  Walked walked(&kernel);
  asked = &walked;
  CHECK(walked.Send().ok());
  CHECK_EQ(walked.Read().code(), Code::kCancelled);
  CHECK_EQ(kernel.runs, 3);
  CHECK_EQ(walked.rows, 2);
}

TEST(a_table_walk_that_was_refused_is_not_tried_again) {
  PlayedKernel kernel{.run = Buckets(1), .refusal = EACCES};
  Walked walked(&kernel);
  CHECK_EQ(walked.Send().error_number(), EACCES);
  const int calls = kernel.calls;
  CHECK(calls > 0);
  CHECK_EQ(walked.Send().error_number(), EACCES);
  CHECK_EQ(kernel.calls, calls);
}

}  // namespace
}  // namespace sockscope
