#include "core/interfaces/device_reader.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/guard.h"
#include "core/interfaces/address_dump.h"
#include "core/netlink/kernel_transport.h"
#include "core/unique_fd.h"

namespace sockscope {

namespace {

class Reading {
 public:
  Reading(const DeviceControls& controls, const std::atomic<bool>& cancelled, DeviceList* list)
      : controls_(controls), cancelled_(cancelled), list_(*list) {}

  void Read(const DeviceQuestion& question) {
    list_.inet = bool(controls_.inet);
    for (const std::string& name : question.names) AddName(name);
    std::vector<ListedAddress> listed;
    list_.list_error = ListAddresses(controls_.any, &listed);
    const bool all = question.all_addresses && list_.inet;
    const bool dumped = all && Dump();
    for (const ListedAddress& entry : listed) {
      AddName(entry.name);
      if (all && !dumped) listed_[entry.name].push_back(entry.address);
    }
    for (const std::string& name : names_) {
      if (IsCancelled()) return;
      list_.devices.push_back(AskDevice(controls_.any, name));
      if (list_.devices.back().error != 0 || !list_.inet) continue;
      if (!dumped) AskAddresses(name);
    }
    if (dumped && list_.inet) AddDumped();
    IsCancelled();
  }

 private:
  bool IsCancelled() {
    if (!cancelled_) return false;
    list_.status = Status::From(Status::Code::kCancelled, "interfaces");
    return true;
  }

  void AddName(const std::string& name) {
    if (known_.insert(name).second) names_.push_back(name);
  }

  // Whether netlink has told of all addresses.
  bool Dump() {
    const std::unique_ptr<Transport> route = controls_.open_route ? controls_.open_route() : nullptr;
    if (route == nullptr || !DumpAddresses(route.get(), cancelled_, &dumped_).ok()) return false;
    for (const DumpedAddress& found : dumped_) AddName(found.label);
    return true;
  }

  // Each goes to the name it has, if that is its device's; else, since a label may be any word, to its device.
  void AddDumped() {
    std::unordered_map<std::string, uint32_t> by_name;
    std::unordered_map<uint32_t, uint32_t> by_index;   // the first, which is the device and no label
    for (uint32_t place = 0; place < list_.devices.size(); ++place) {
      const DeviceState& device = list_.devices[place];
      if (device.error != 0) continue;
      by_name.emplace(device.name, place);
      by_index.emplace(device.index, place);
    }
    std::vector<std::vector<DeviceAddress>> of_device(list_.devices.size());
    for (const DumpedAddress& found : dumped_) {
      auto place = by_name.find(found.label);
      if (place != by_name.end() && IsOf(list_.devices[place->second], found.index)) {
        of_device[place->second].push_back(found.address);
        continue;
      }
      const auto device = by_index.find(found.index);
      if (device != by_index.end()) of_device[device->second].push_back(found.address);
    }
    for (uint32_t place = 0; place < of_device.size(); ++place) {
      for (DeviceAddress& address : of_device[place]) {
        address.device = place;
        list_.addresses.push_back(address);
      }
    }
  }

  // An index of 0 was not told.
  static bool IsOf(const DeviceState& device, uint32_t index) { return device.index == 0 || device.index == index; }

  void AskAddresses(const std::string& name) {
    uint32_t first = 0;
    if (AskFirstAddress(controls_.inet, name, &first) != 0) return;   // one listed all the same has just come or gone
    AddAddress(AskAddress(controls_.inet, name, first));
    for (const uint32_t address : listed_[name]) {
      if (cancelled_) return;
      if (address != first) AddAddress(AskAddress(controls_.inet, name, address));
    }
  }

  void AddAddress(const DeviceAddress& address) {
    list_.addresses.push_back(address);
    list_.addresses.back().device = uint32_t(list_.devices.size() - 1);
  }

  const DeviceControls& controls_;
  const std::atomic<bool>& cancelled_;
  DeviceList& list_;
  std::vector<std::string> names_;   // those of known_, in their order
  std::unordered_set<std::string> known_;
  // Where all addresses are wanted: those of netlink, or those of a name as ioctls list them.
  std::vector<DumpedAddress> dumped_;
  std::unordered_map<std::string, std::vector<uint32_t>> listed_;
};

// A supervisor (seccomp's user notification) can let any call be interrupted.
DeviceControl Through(const UniqueFd& socket) {
  const int fd = socket.get();
  return [fd](unsigned long request, void* argument) {
    for (;;) {
      if (ioctl(fd, request, argument) == 0) return 0;
      if (errno != EINTR) return errno;
    }
  };
}

std::unique_ptr<Transport> OpenRoute() {
  Status ignored;   // ioctls will do
  return KernelTransport::Open(NETLINK_ROUTE, "socket NETLINK_ROUTE", &ignored);
}

}  // namespace

DeviceList ReadDevices(const DeviceControls& controls, const DeviceQuestion& question,
                       const std::atomic<bool>& cancelled) {
  DeviceList list;
  Reading(controls, cancelled, &list).Read(question);
  return list;
}

DeviceList ReadDevices(const DeviceQuestion& question, const std::atomic<bool>& cancelled) noexcept {
  DeviceList list;
  const Status status = Guard([&] {
    // Any socket will do for all but the addresses; a sandbox may allow one family and not another.
    const UniqueFd inet(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const int refused = errno;
    UniqueFd other;
    for (const int family : {AF_UNIX, AF_INET6}) {
      if (!inet.valid() && !other.valid()) other = UniqueFd(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    }
    if (!inet.valid() && !other.valid()) return Status::FromErrno("socket", refused);
    DeviceControls controls;
    controls.any = Through(inet.valid() ? inet : other);
    if (inet.valid()) controls.inet = controls.any;
    controls.open_route = OpenRoute;
    list = ReadDevices(controls, question, cancelled);
    return list.status;
  });
  if (!status.ok()) {
    list = DeviceList();
    list.status = status;
  }
  return list;
}

}  // namespace sockscope
