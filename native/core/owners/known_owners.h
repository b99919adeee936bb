#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

namespace sockscope {

// Who held each socket when it was last looked up, by the socket's cookie, which the kernel never uses again: what a host
// remembers from one poll to the next. 16 bytes a socket, in a table that is at most three quarters full. Belongs to one
// thread; what may take memory throws std::bad_alloc.
class KnownOwners {
 public:
  // Stand for pids, in what Find tells and Learn takes.
  static constexpr uint32_t kNobody = 0;              // looked for everywhere, and not found
  static constexpr uint32_t kUnknown = 0xffffffff;    // never seen
  static constexpr uint32_t kUnsettled = 0xfffffffe;  // seen, and not looked for everywhere
  static constexpr uint32_t kDenied = 0xfffffffd;     // not found, and some processes may not be looked at

  struct Slot {
    uint32_t pid;
    uint32_t fd;
  };

  size_t size() const { return size_; }
  size_t bytes() const { return places_ * sizeof(Entry); }
  // Makes room for so many at once.
  void Reserve(size_t sockets);

  // A poll begins: no socket has been seen in it yet.
  void BeginPoll() { poll_ ^= kMark; }
  // Fills in the pid and descriptor of each socket, and notes that it has been seen in this poll. `cookies` has the low and
  // the high half of each; a socket without a cookie is unknown.
  void Find(std::span<const uint32_t> cookies, uint32_t* pids, uint32_t* fds);
  // Sets who holds a socket; seen in this poll. Descriptors have 31 bits. Cookie 0 is not kept.
  void Learn(uint64_t cookie, uint32_t pid, uint32_t fd);
  // Goes over the next `entries` places of the table and takes out what has not been seen in this poll: *freed gets the
  // descriptors where those sockets were. False when all places have been gone over: the next call begins anew.
  bool Sweep(size_t entries, std::vector<Slot>* freed);
  // As Sweep, for what is held by one of `pids` (ascending).
  bool Forget(size_t entries, std::span<const uint32_t> pids);

 private:
  static constexpr uint32_t kMark = 0x80000000;

  // All zero: a free place.
  struct Entry {
    uint64_t cookie;
    uint32_t pid;
    uint32_t fd;            // the highest bit: the poll in which it was seen last
  };
  struct Free {
    void operator()(Entry* entries) const { std::free(entries); }
  };

  size_t PlaceOf(uint64_t cookie) const;
  void Resize(int log2);
  void Remove(size_t place);
  template <typename Unwanted>
  bool Pass(size_t entries, Unwanted unwanted);

  std::unique_ptr<Entry[], Free> entries_;
  size_t places_ = 0;
  size_t size_ = 0;
  int shift_ = 64;          // 64 - log2(places)
  size_t next_ = 0;         // where the next part of a pass begins
  uint32_t poll_ = 0;
};

}  // namespace sockscope
