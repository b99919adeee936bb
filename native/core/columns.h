#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace sockscope {

// The schema, in the order in which the columns lie in a batch. The same list stands in src/table/schema.ts;
// the addon exports this one, and the loader compares the two.
enum class Column : uint8_t {
  kProtocol, kFamily, kState, kTimer, kRetrans, kProbes,
  kExpiresMs, kLocalAddress, kRemoteAddress, kLocalPort, kRemotePort, kIfindex,
  kRecvQ, kSendQ, kUid, kInode, kCookie, kPath,
  kUnixType, kUnixPeer, kUnixRefs, kUnixFlags,
  kCount,
};

struct ColumnSpec {
  const char* name;   // as in src/table/schema.ts
  uint8_t width;      // bytes a row; of the heap column `path`: of one offset, of which there are rows + 1
};

inline constexpr uint32_t kLayoutVersion = 1;
inline constexpr size_t kColumnCount = static_cast<size_t>(Column::kCount);
extern const ColumnSpec kColumnSpecs[kColumnCount];

using ColumnSet = uint32_t;  // bit set: 1 << Column
constexpr ColumnSet Bit(Column column) { return ColumnSet{1} << static_cast<uint8_t>(column); }
inline constexpr ColumnSet kAllColumns = (ColumnSet{1} << kColumnCount) - 1;

inline constexpr size_t kBatchRows = 8192;
// Bytes of paths after which a batch counts as full: far more than 8,192 unix names of 108 bytes take.
inline constexpr size_t kBatchHeapBytes = size_t{1} << 20;

// What 32-bit columns and `probes` hold where the kernel did not tell the number.
inline constexpr uint32_t kAbsent = 0xffffffff;
inline constexpr uint8_t kAbsentProbes = 255;

// Own enumeration of protocols: values of the `protocol` column, the same as in src/socket/protocol.ts.
enum class Protocol : uint8_t { kTcp = 1, kUdp = 2, kUdpLite = 3, kRaw = 4, kUnix = 10 };

struct SocketRow;

// Where the columns lie in the flat form of a batch; src/table/layout.ts computes the same.
struct Layout {
  static constexpr size_t kNotCarried = SIZE_MAX;
  size_t offsets[kColumnCount];
  size_t heap_offset;
  size_t byte_length;
};
Layout LayoutOf(size_t rows, ColumnSet columns, size_t heap_bytes);

// Up to `capacity` sockets as columns, and a heap of bytes for unix names. Owned by one thread at a time.
// The constructor and Append throw std::bad_alloc.
class Batch {
 public:
  explicit Batch(ColumnSet columns, size_t capacity = kBatchRows);
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  size_t rows() const { return rows_; }
  size_t capacity() const { return capacity_; }
  ColumnSet columns() const { return columns_; }
  size_t heap_bytes() const { return heap_.size(); }
  // No further row may be appended: rows or heap are at their limit.
  bool full() const { return rows_ == capacity_ || heap_.size() >= kBatchHeapBytes; }

  // Empty again, with the memory that it has.
  void Clear();
  // Stores the row's values in the columns carried. The batch must not be full.
  void Append(const SocketRow& row);
  // The column's values so far, `width` bytes a row; null when it is not carried.
  const uint8_t* values(Column column) const { return base_[static_cast<size_t>(column)]; }

  // The flat form: the columns carried, in order, each at a multiple of 8, then the heap.
  size_t ByteLength() const;
  // Writes exactly ByteLength() bytes.
  void CopyTo(uint8_t* out) const;

 private:
  template <typename T>
  void Store(Column column, T value);
  void StoreBytes(Column column, const void* bytes, size_t width);

  ColumnSet columns_;
  size_t capacity_;
  size_t rows_ = 0;
  std::unique_ptr<uint8_t[]> storage_;
  uint8_t* base_[kColumnCount];
  std::vector<uint8_t> heap_;
};

}  // namespace sockscope
