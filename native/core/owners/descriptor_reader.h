#pragma once

#include <cstdint>
#include <memory>

#include "core/owners/holder_list.h"
#include "core/owners/process_directory.h"
#include "core/status.h"

namespace sockscope {

// Reads descriptors of one table, one at a time, into one thread's list.
class DescriptorReader {
 public:
  enum class Seen : uint8_t {
    kOpen,      // it leads somewhere
    kNone,      // there is no such descriptor
    kDenied,    // nor may others of this table be read
    kFailed,    // see status()
  };

  // `directory` is the table's, of that process. All of them must outlive the reader.
  DescriptorReader(const ProcessDirectory& process, int directory, HolderList* list)
      : process_(process), directory_(directory), list_(list) {}

  // The descriptor of that number, `name` being its name in the directory.
  Seen Read(const char* name, uint32_t fd);
  Status status() const { return status_; }

 private:
  Status Add(uint32_t inode, uint32_t fd);

  const ProcessDirectory& process_;
  const int directory_;
  HolderList* const list_;
  bool begun_ = false;   // the list knows the process
  Status status_;
};

}  // namespace sockscope
