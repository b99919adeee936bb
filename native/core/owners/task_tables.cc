#include "core/owners/task_tables.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "core/owners/numbered_entries.h"
#include "core/owners/proc_errno.h"

namespace sockscope {

namespace {

enum class Order : uint8_t { kSame, kLess, kGreater, kUnknown };

Order ByNumbers(uint64_t a, uint64_t b) { return a == b ? Order::kSame : a < b ? Order::kLess : Order::kGreater; }

// Compares the tables of two threads, by an order that holds for the moment.
class TableOrder {
 public:
  TableOrder(const ProcRoot& root, const ProcessDirectory& process) : root_(root), process_(process) {}

  // kUnknown where the kernel does not say, or one of them has ended.
  Order Compare(uint32_t a, uint32_t b) const {
    if (root_.may_compare) {
      const long order = syscall(SYS_kcmp, a, b, KCMP_FILES, 0, 0);
      if (order >= 0 && order <= 2) return order == 0 ? Order::kSame : order == 1 ? Order::kLess : Order::kGreater;
      if (order < 0 && errno == ESRCH) return Order::kUnknown;
    }
    return root_.counts ? CompareCounts(a, b) : Order::kUnknown;
  }

 private:
  // A table in use changes while it is counted: the same before or after is the same.
  Order CompareCounts(uint32_t a, uint32_t b) const {
    const uint64_t before = CountOf(b);
    const uint64_t count = CountOf(a);
    return count == before ? Order::kSame : ByNumbers(count, CountOf(b));
  }
  uint64_t CountOf(uint32_t thread) const {
    char path[32];
    std::snprintf(path, sizeof(path), "task/%u/fd", thread);
    uint64_t count = 0;
    (void)process_.CountDescriptors(path, &count);
    return count;
  }

  const ProcRoot& root_;
  const ProcessDirectory& process_;
};

// Whether the thread has a table unlike those of `threads`, which are sorted by their tables; it is then among them.
// One that cannot be compared is taken to have.
bool InsertTable(const TableOrder& order, uint32_t thread, std::vector<uint32_t>* threads) {
  size_t low = 0;
  for (size_t high = threads->size(); low < high;) {
    const size_t middle = low + (high - low) / 2;
    const Order compared = order.Compare(thread, (*threads)[middle]);
    if (compared == Order::kSame) return false;
    if (compared == Order::kLess) high = middle;
    else low = middle + 1;
  }
  threads->insert(threads->begin() + static_cast<std::ptrdiff_t>(low), thread);
  return true;
}

Status ReadThreads(const ProcessDirectory& process, std::vector<uint32_t>* threads) {
  const UniqueFd task(openat(process.get(), "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const int error = task.valid() ? ReadNumbers(task.get(), threads) : errno;
  return IsExhausted(error) ? Status::FromErrno("read /proc/<pid>/task", error) : Status::Ok();
}

}  // namespace

Status FindTaskTables(const ProcRoot& root, const ProcessDirectory& process, std::vector<uint32_t>* threads) {
  std::vector<uint32_t> others;
  if (const Status read = ReadThreads(process, &others); !read.ok()) return read;
  std::erase(others, process.pid());
  const TableOrder order(root, process);
  if (!root.counts && order.Compare(process.pid(), process.pid()) != Order::kSame) {
    // Nothing can be compared. An ended leader has no table; the others are taken to have one and the same.
    others.resize(process.IsLeaderZombie() ? std::min<size_t>(others.size(), 1) : 0);
    threads->insert(threads->end(), others.begin(), others.end());
    return Status::Ok();
  }
  std::vector<uint32_t> tables{process.pid()};
  for (const uint32_t thread : others) {
    if (InsertTable(order, thread, &tables)) threads->push_back(thread);
  }
  return Status::Ok();
}

}  // namespace sockscope
