#include "core/owners/known_owners.h"

#include <algorithm>
#include <new>
#include <utility>

namespace sockscope {

namespace {

constexpr int kFirstLog2 = 10;
constexpr uint64_t kSpread = 0x9e3779b97f4a7c15;   // 2^64 over the golden ratio
constexpr size_t kAhead = 12;                      // look-ups between a prefetch and its use

uint64_t CookieAt(std::span<const uint32_t> cookies, size_t index) {
  return uint64_t{cookies[2 * index + 1]} << 32 | cookies[2 * index];
}

}  // namespace

void KnownOwners::Reserve(size_t sockets) {
  int log2 = kFirstLog2;
  while ((size_t{3} << log2) / 4 < sockets) ++log2;
  if ((size_t{1} << log2) > places_) Resize(log2);
}

// The place of the cookie, or the free one where it would stand.
size_t KnownOwners::PlaceOf(uint64_t cookie) const {
  const size_t mask = places_ - 1;
  size_t place = cookie * kSpread >> shift_;
  while (entries_[place].cookie != 0 && entries_[place].cookie != cookie) place = (place + 1) & mask;
  return place;
}

void KnownOwners::Resize(int log2) {
  const size_t places = size_t{1} << log2;
  // Not a vector: the kernel zeroes each page when it is first touched, and not all of them now, on the caller's time.
  std::unique_ptr<Entry[], Free> old(static_cast<Entry*>(std::calloc(places, sizeof(Entry))));
  if (old == nullptr) throw std::bad_alloc();
  old.swap(entries_);
  const size_t old_places = std::exchange(places_, places);
  shift_ = 64 - log2;
  next_ = 0;
  for (const Entry& entry : std::span(old.get(), old_places)) {
    if (entry.cookie != 0) entries_[PlaceOf(entry.cookie)] = entry;
  }
}

void KnownOwners::Find(std::span<const uint32_t> cookies, uint32_t* pids, uint32_t* fds) {
  const size_t count = cookies.size() / 2;
  for (size_t i = 0; i < count; ++i) {
    pids[i] = kUnknown;
    fds[i] = 0;
    if (places_ == 0) continue;
    if (i + kAhead < count) __builtin_prefetch(&entries_[CookieAt(cookies, i + kAhead) * kSpread >> shift_]);
    const uint64_t cookie = CookieAt(cookies, i);
    Entry& entry = entries_[PlaceOf(cookie)];
    if (cookie == 0 || entry.cookie == 0) continue;
    pids[i] = entry.pid;
    fds[i] = entry.fd & ~kMark;
    entry.fd = fds[i] | poll_;
  }
}

void KnownOwners::Learn(uint64_t cookie, uint32_t pid, uint32_t fd) {
  if (cookie == 0) return;
  if ((size_ + 1) * 4 > places_ * 3) Resize(places_ == 0 ? kFirstLog2 : 64 - shift_ + 1);
  Entry& entry = entries_[PlaceOf(cookie)];
  if (entry.cookie == 0) ++size_;
  entry = {.cookie = cookie, .pid = pid, .fd = (fd & ~kMark) | poll_};
}

// Moves those that follow without a gap back to where they are found from their own place.
void KnownOwners::Remove(size_t place) {
  const size_t mask = places_ - 1;
  for (size_t next = (place + 1) & mask; entries_[next].cookie != 0; next = (next + 1) & mask) {
    const size_t home = entries_[next].cookie * kSpread >> shift_;
    if (((next - home) & mask) < ((next - place) & mask)) continue;
    entries_[place] = entries_[next];
    place = next;
  }
  entries_[place] = Entry{};
  --size_;
}

// What a removal moves comes from further on, so nothing is passed over; at the table's end it may come from its
// beginning, and is looked at twice.
template <typename Unwanted>
bool KnownOwners::Pass(size_t entries, Unwanted unwanted) {
  const size_t end = std::min(places_, next_ + entries);
  while (next_ < end) {
    const Entry& entry = entries_[next_];
    if (entry.cookie != 0 && unwanted(entry)) Remove(next_);
    else ++next_;
  }
  if (next_ < places_) return true;
  next_ = 0;
  return false;
}

bool KnownOwners::Sweep(size_t entries, std::vector<Slot>* freed) {
  return Pass(entries, [&](const Entry& entry) {
    if ((entry.fd & kMark) == poll_) return false;
    if (entry.pid != kNobody && entry.pid < kDenied) freed->push_back({.pid = entry.pid, .fd = entry.fd & ~kMark});
    return true;
  });
}

bool KnownOwners::Forget(size_t entries, std::span<const uint32_t> pids) {
  return Pass(entries, [&](const Entry& entry) { return std::binary_search(pids.begin(), pids.end(), entry.pid); });
}

}  // namespace sockscope
