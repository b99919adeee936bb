#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sockscope {

// The entries of a directory whose names are numbers (processes, threads, descriptors), a buffer at a time.
class NumberedEntries {
 public:
  struct Entry {
    const char* name;   // in the buffer
    uint32_t number;
  };

  NumberedEntries() {}   // the buffer is left as it is

  // Reads on in the directory. False at its end, and where it cannot be read: *error is then the errno, else 0.
  bool Fill(int directory, int* error);
  // The next one in the buffer; entries with other names are passed over. False when there is none left.
  bool Next(Entry* entry);

 private:
  size_t at_ = 0;
  size_t end_ = 0;
  alignas(uint64_t) char buffer_[16 * 1024];
};

// All numbers in the directory, in its order, appended to *numbers. An errno or 0. Throws std::bad_alloc.
int ReadNumbers(int directory, std::vector<uint32_t>* numbers);

}  // namespace sockscope
