#include "core/owners/bpf_record_reader.h"

#include <sys/socket.h>

#include <cstring>
#include <vector>

#include "core/owners/bpf_holders.h"
#include "core/unique_fd.h"
#include "test/check.h"

namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;
using Records = std::vector<BpfRecord>;

constexpr BpfRecord kHeader = {kBpfMagicLow, kBpfMagicHigh, kBpfRecordVersion, sizeof(BpfRecord)};

std::string BytesOf(const Records& records) {
  return {reinterpret_cast<const char*>(records.data()), records.size() * sizeof(BpfRecord)};
}

struct Result {
  Status status;
  Records records;
  bool begun;
};

// Reads what comes in so many reads: each string is one.
Result ReadAll(const std::vector<std::string>& reads) {
  int ends[2];
  CHECK_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
  const UniqueFd from(ends[0]);
  {
    const UniqueFd to(ends[1]);
    for (const std::string& bytes : reads) {
      CHECK_EQ(send(to.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    }
  }
  BpfRecordReader reader(from.get());
  Result result;
  for (bool end = false; !end && result.status.ok();) {
    std::span<const BpfRecord> records;
    result.status = reader.Read(&records, &end);
    result.records.insert(result.records.end(), records.begin(), records.end());
  }
  result.begun = reader.begun();
  return result;
}

Code CodeOf(const std::vector<std::string>& reads) { return ReadAll(reads).status.code(); }

bool Same(const Records& a, const Records& b) { return BytesOf(a) == BytesOf(b); }

const Records kSome = {{11, 3, 1001, 7}, {11, 4, 1002, 7}, {12, 5, 1001, 9}};

std::string Whole() { return BytesOf({kHeader}) + BytesOf(kSome); }

TEST(records_are_the_same_however_reads_split_them) {
  const std::string whole = Whole();
  for (size_t size = 1; size <= whole.size(); ++size) {
    std::vector<std::string> reads;
    for (size_t at = 0; at < whole.size(); at += size) reads.push_back(whole.substr(at, size));
    const Result result = ReadAll(reads);
    CHECK(result.status.ok());
    CHECK(Same(result.records, kSome));
  }
}

TEST(records_fill_a_read_of_32_kib_behind_a_part) {
  Records many;
  for (uint32_t i = 1; i < 2048; ++i) many.push_back({i, i, i, i});
  const std::string bytes = BytesOf({kHeader}) + BytesOf(many) + BytesOf(many);
  const Result result = ReadAll({bytes.substr(0, 9), bytes.substr(9, 32768), bytes.substr(9 + 32768)});
  CHECK(result.status.ok());
  many.insert(many.end(), many.begin(), many.end());
  CHECK(Same(result.records, many));
}

TEST(records_cut_short_are_malformed) {
  const std::string whole = Whole();
  for (size_t length = 0; length < whole.size(); ++length) {
    const Result result = ReadAll({whole.substr(0, length)});
    const bool full = length % sizeof(BpfRecord) == 0;
    CHECK_EQ(result.status.code(), full ? Code::kOk : length < 16 ? Code::kNotSupported : Code::kMalformed);
    CHECK_EQ(result.begun, length >= 16);
    CHECK_EQ(result.records.size(), length < 16 ? 0 : length / 16 - 1);
  }
}

TEST(records_without_our_header_are_not_supported) {
  BpfRecord version = kHeader, size = kHeader, magic = kHeader;
  version.inode = kBpfRecordVersion + 1;
  size.start_ticks = 24;
  magic.fd ^= 1;
  for (const BpfRecord& header : {version, size, magic, kSome[0], BpfRecord{}}) {
    const Result result = ReadAll({BytesOf({header}) + BytesOf(kSome)});
    CHECK_EQ(result.status.code(), Code::kNotSupported);
    CHECK(result.records.empty() && !result.begun);
  }
  CHECK_EQ(CodeOf({std::string(40'000, '\0')}), Code::kNotSupported);
}

TEST(records_of_impossible_processes_are_malformed) {
  CHECK_EQ(CodeOf({BytesOf({kHeader, {1 << 22, 3, 5, 1}})}), Code::kOk);
  CHECK_EQ(CodeOf({BytesOf({kHeader, {(1 << 22) + 1, 3, 5, 1}})}), Code::kMalformed);
  CHECK_EQ(CodeOf({BytesOf({kHeader, {0, 3, 5, 1}})}), Code::kMalformed);
  CHECK_EQ(CodeOf({Whole(), Whole()}), Code::kMalformed);   // a second header
}

TEST(reading_that_would_wait_gives_no_records_and_no_end) {
  int ends[2];
  CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
  const UniqueFd from(ends[0]), to(ends[1]);
  BpfRecordReader reader(from.get());
  const std::string whole = Whole();
  std::span<const BpfRecord> records;
  bool end = true;
  CHECK(reader.Read(&records, &end).ok() && records.empty() && !end);
  CHECK_EQ(write(to.get(), whole.data(), 40), 40);
  CHECK(reader.Read(&records, &end).ok());
  CHECK_EQ(records.size(), 1u);
  CHECK(reader.Read(&records, &end).ok() && records.empty() && !end);
  CHECK_EQ(write(to.get(), whole.data() + 40, whole.size() - 40), static_cast<ssize_t>(whole.size() - 40));
  CHECK(reader.Read(&records, &end).ok());
  CHECK_EQ(records.size(), 2u);
  CHECK_EQ(records[0].inode, kSome[1].inode);
}

TEST(reading_that_fails_says_how) {
  BpfRecordReader reader(-1);
  std::span<const BpfRecord> records;
  bool end;
  const Status status = reader.Read(&records, &end);
  CHECK_EQ(status.code(), Code::kSystem);
  CHECK_EQ(status.error_number(), EBADF);
}

TEST(holders_stop_once_no_lower_process_can_come) {
  const uint32_t inodes[] = {1001};
  WantedInodes wanted(inodes);
  HolderLimits limits(1 << 20);
  HolderList list(&wanted, true, &limits);
  BpfHolders holders(&list);
  // A thread of process 30, seen where its own number stands, is no reason to stop: 20 is still to come.
  CHECK(holders.Take(Records{{10, 3, 900, 1}, {30, 3 | kBpfThreadFd, 1001, 3}, {31, 4 | kBpfThreadFd, 900, 3}}));
  CHECK(holders.Take(Records{{20, 5, 1001, 2}, {20, 6, 901, 2}}));
  CHECK(!holders.Take(Records{{30, 7, 1001, 3}, {40, 8, 1001, 4}}));
  CHECK_EQ(list.holders().size(), 2u);
  CHECK(list.holders()[0] == (Holder{.inode = 1001, .pid = 30, .fd = 3}));
  CHECK(list.holders()[1] == (Holder{.inode = 1001, .pid = 20, .fd = 5}));
  CHECK_EQ(list.tally.descriptors, 5u);
  CHECK_EQ(list.tally.processes, 4u);
}

TEST(holders_count_a_process_once_though_its_threads_come_later) {
  HolderLimits limits(1 << 20);
  HolderList list(nullptr, false, &limits);
  BpfHolders holders(&list);
  CHECK(holders.Take(Records{{10, 3, 900, 1}, {20, 3, 901, 2}, {10, 3 | kBpfThreadFd, 902, 1}, {10, 4, 903, 1}}));
  CHECK_EQ(list.tally.processes, 2u);
  CHECK_EQ(list.tally.sockets, 4u);
  CHECK(list.holders()[2] == (Holder{.inode = 902, .pid = 10, .fd = 3}));
}

}  // namespace
}  // namespace sockscope
