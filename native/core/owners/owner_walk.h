#pragma once

#include "core/owners/holder_list.h"
#include "core/status.h"

namespace sockscope {

// One walk over the descriptors of all processes: made anew for each owner scan, destroyed after it. How the work falls
// into pieces (a process, a part of one, all of them) is the walk's own affair.
class OwnerWalk {
 public:
  virtual ~OwnerWalk() = default;
  // Finds out what there is to walk. Once, on one thread, before any WalkPiece.
  virtual Status Begin() = 0;
  // Walks the next piece into the calling thread's list, and says in *more whether another may be left. Pieces are handed
  // out with ascending pids. Called by several threads at once; an error ends the scan. What a process denies, and that it
  // has gone, is counted, not returned. Asks list->Check() now and then, and stops early where list->SatisfiedBelow says
  // that it may. Throws std::bad_alloc.
  virtual Status WalkPiece(HolderList* list, bool* more) = 0;
};

}  // namespace sockscope
