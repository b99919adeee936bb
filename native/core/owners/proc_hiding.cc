#include "core/owners/proc_hiding.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "core/owners/capabilities.h"
#include "core/owners/proc_text.h"

namespace sockscope {

namespace {

using Who = ProcHiding::Who;

// Takes what stands before the separator off the text, and the separator.
std::string_view Cut(std::string_view* text, std::string_view separator) {
  const size_t at = text->find(separator);
  const std::string_view first = text->substr(0, at);
  text->remove_prefix(at == std::string_view::npos ? text->size() : at + separator.size());
  return first;
}

Who WhoOf(std::string_view hidepid) {
  if (hidepid == "0" || hidepid == "off" || hidepid == "1" || hidepid == "noaccess") return Who::kNobody;
  return hidepid == "2" || hidepid == "invisible" ? Who::kFromOthers : Who::kFromEverybody;
}

ProcHiding HidingOf(std::string_view options) {
  ProcHiding hiding{.who = Who::kNobody};
  while (!options.empty()) {
    std::string_view value = Cut(&options, ",");
    const std::string_view name = Cut(&value, "=");
    if (name == "hidepid") hiding.who = WhoOf(value);
    if (name == "gid") std::from_chars(value.data(), value.data() + value.size(), hiding.group);
  }
  return hiding;
}

ProcHiding HidingOfMount(int root) {
  const std::string about = ReadProcText(("/proc/self/fdinfo/" + std::to_string(root)).c_str());
  std::string_view id = about;
  Cut(&id, "mnt_id:\t");
  if (id.empty()) return {};
  return FindProcHiding(ReadProcText("/proc/self/mountinfo"), Cut(&id, "\n"));
}

// Groups of another user namespace have numbers of their own.
bool InFirstUserNamespace() {
  constexpr std::string_view kFirst = "user:[4026531837]";
  char link[64];
  const ssize_t length = readlink("/proc/self/ns/user", link, sizeof(link));
  return length >= 0 && std::string_view(link, static_cast<size_t>(length)) == kFirst;
}

bool IsMember(gid_t group) {
  if (!InFirstUserNamespace()) return false;
  if (getegid() == group) return true;
  const int count = getgroups(0, nullptr);
  std::vector<gid_t> groups(static_cast<size_t>(std::max(count, 0)));
  // Fails where they have become more meanwhile.
  const int read = getgroups(count, groups.data());
  return std::find(groups.begin(), groups.begin() + std::max(read, 0), group) != groups.begin() + std::max(read, 0);
}

}  // namespace

ProcHiding FindProcHiding(std::string_view mountinfo, std::string_view mount_id) {
  while (!mountinfo.empty()) {
    std::string_view line = Cut(&mountinfo, "\n");
    if (Cut(&line, " ") != mount_id) continue;
    Cut(&line, " - ");
    const std::string_view type = Cut(&line, " ");
    Cut(&line, " ");
    return type == "proc" ? HidingOf(line) : ProcHiding{};
  }
  return {};
}

bool HidesProcesses(int root) {
  const bool shows_first = faccessat(root, "1", F_OK, 0) == 0;
  // A capability of another user namespace is none here: then process 1 is not shown.
  if (shows_first && HasCapability(kCapSysPtrace)) return false;
  const ProcHiding hiding = HidingOfMount(root);
  switch (hiding.who) {
    case Who::kNotTold:
      return !shows_first;
    case Who::kNobody:
      return false;
    case Who::kFromOthers:
      return !shows_first || !IsMember(hiding.group);
    case Who::kFromEverybody:
      break;
  }
  return true;
}

}  // namespace sockscope
