#include "core/owners/proc_hiding.h"

#include <string>

#include "test/check.h"

namespace sockscope {
namespace {

using Who = ProcHiding::Who;

std::string Line(const std::string& options, const std::string& type = "proc") {
  return "21 1 0:1 / / rw shared:1 - ext4 /dev/vda rw\n"
         "210 21 0:22 / /proc rw,nosuid shared:5 - proc proc rw,hidepid=off\n"
         "22 21 0:23 / /host/a\\040b rw shared:6 master:2 - " + type + " none rw" + options + "\n";
}

ProcHiding Hiding(const std::string& options) { return FindProcHiding(Line(options), "22"); }

TEST(hidepid_is_told_in_numbers_and_in_words) {
  for (const char* options : {"", ",hidepid=0", ",hidepid=off", ",hidepid=1", ",hidepid=noaccess", ",gid=5"}) {
    CHECK_EQ(Hiding(options).who, Who::kNobody);
  }
  for (const char* options : {",hidepid=2", ",hidepid=invisible,subset=pid", ",gid=5,hidepid=2"}) {
    CHECK_EQ(Hiding(options).who, Who::kFromOthers);
  }
  for (const char* options : {",hidepid=4", ",hidepid=ptraceable", ",hidepid=7"}) {
    CHECK_EQ(Hiding(options).who, Who::kFromEverybody);
  }
}

TEST(the_group_that_nothing_is_hidden_from_is_roots_unless_told) {
  CHECK_EQ(Hiding(",hidepid=2").group, 0u);
  CHECK_EQ(Hiding(",gid=4242,hidepid=invisible").group, 4242u);
}

TEST(another_mount_tells_nothing) {
  CHECK_EQ(FindProcHiding(Line(",hidepid=2"), "2").who, Who::kNotTold);
  CHECK_EQ(FindProcHiding(Line(",hidepid=2"), "210").who, Who::kNobody);
  CHECK_EQ(FindProcHiding(Line(",hidepid=2"), "21").who, Who::kNotTold);
  CHECK_EQ(FindProcHiding(Line(",hidepid=2", "tmpfs"), "22").who, Who::kNotTold);
  CHECK_EQ(FindProcHiding("", "22").who, Who::kNotTold);
  CHECK_EQ(FindProcHiding("22", "22").who, Who::kNotTold);
}

}  // namespace
}  // namespace sockscope
