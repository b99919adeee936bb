#pragma once

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include "test/wire.h"

// Messages of sock_diag as Linux 6.18 sends them, field by field.
namespace sockscope::test {

// A TCP listener on 127.0.0.1:8080, backlog 7, of user 1000.
inline Buffer Listener4Body() {
  return Bytes()
      .U8(2, "idiag_family: AF_INET")
      .U8(10, "idiag_state: LISTEN")
      .U8(0, "idiag_timer: none")
      .U8(0, "idiag_retrans")
      .Be16(8080, "idiag_sport")
      .Be16(0, "idiag_dport")
      .All({127, 0, 0, 1}, "idiag_src")
      .Zeros(12)
      .Zeros(16, "idiag_dst")
      .U32(0, "idiag_if")
      .U32(0x1001, "idiag_cookie, low half")
      .U32(1, "idiag_cookie, high half")
      .U32(0, "idiag_expires")
      .U32(3, "idiag_rqueue: waiting for accept")
      .U32(7, "idiag_wqueue: backlog")
      .U32(1000, "idiag_uid")
      .U32(424242, "idiag_inode");
}

// An IPv6 connection ::1:443 <- ::1:50000 with 5 bytes unread and 9 not acknowledged, retransmitting.
inline Buffer Established6Body() {
  return Bytes()
      .U8(10, "idiag_family: AF_INET6")
      .U8(1, "idiag_state: ESTABLISHED")
      .U8(1, "idiag_timer: retransmission")
      .U8(2, "idiag_retrans")
      .Be16(443, "idiag_sport")
      .Be16(50000, "idiag_dport")
      .Zeros(15).U8(1, "idiag_src: ::1")
      .Zeros(15).U8(1, "idiag_dst: ::1")
      .U32(3, "idiag_if")
      .U32(0x1002, "idiag_cookie, low half")
      .U32(0, "idiag_cookie, high half")
      .U32(204, "idiag_expires, ms")
      .U32(5, "idiag_rqueue")
      .U32(9, "idiag_wqueue")
      .U32(33, "idiag_uid")
      .U32(99, "idiag_inode");
}

// What stands behind every full TCP socket for an unprivileged reader; nothing here has a column.
inline Buffer UsualAttributes() {
  return Bytes()
      .Attribute(INET_DIAG_SHUTDOWN, {0})
      .Attribute(INET_DIAG_CGROUP_ID, Bytes().U32(1).U32(0))
      .Attribute(INET_DIAG_SOCKOPT, {0x02, 0x00});
}

// tcp_info begins with state, ca_state, retransmits, probes; `length` cuts it as older kernels do.
inline Buffer TcpInfo(unsigned retransmits, unsigned probes, size_t length = 280) {
  Buffer info = Bytes().U8(1, "tcpi_state").U8(0, "tcpi_ca_state").U8(retransmits, "tcpi_retransmits")
                    .U8(probes, "tcpi_probes").Zeros(276);
  info.resize(length);
  return info;
}

inline Buffer InetMessage(uint32_t sequence, const Buffer& body, const Buffer& attributes = {},
                          unsigned type = SOCK_DIAG_BY_FAMILY, unsigned flags = NLM_F_MULTI) {
  return NetlinkMessage(type, flags, sequence, Bytes().Append(body).Append(attributes));
}

// An IPv4 connection that differs from its siblings in cookie, inode and port.
inline Buffer NumberedBody(uint32_t number) {
  return Bytes()
      .U8(2, "idiag_family").U8(1, "idiag_state").U8(0, "idiag_timer").U8(0, "idiag_retrans")
      .Be16(number & 0xffff, "idiag_sport").Be16(80, "idiag_dport")
      .All({10, 0, 0, 1}).Zeros(12, "idiag_src").All({10, 0, 0, 2}).Zeros(12, "idiag_dst")
      .U32(0, "idiag_if").U32(number + 1, "idiag_cookie").U32(0)
      .U32(0, "idiag_expires").U32(0, "idiag_rqueue").U32(0, "idiag_wqueue").U32(0, "idiag_uid")
      .U32(number, "idiag_inode");
}

// Datagrams of up to 200 connections each, numbered from `first`, without the closing NLMSG_DONE.
inline std::vector<Buffer> NumberedDatagrams(uint32_t sequence, uint32_t count, uint32_t first = 0) {
  std::vector<Buffer> datagrams;
  for (uint32_t at = 0; at < count; at += 200) {
    Bytes datagram;
    for (uint32_t row = at; row < count && row < at + 200; ++row) {
      datagram.Append(InetMessage(sequence, NumberedBody(first + row)));
    }
    datagrams.push_back(datagram);
  }
  return datagrams;
}

// A unix listener; its name is an attribute.
inline Buffer UnixListenerBody() {
  return Bytes()
      .U8(1, "udiag_family: AF_UNIX")
      .U8(1, "udiag_type: SOCK_STREAM")
      .U8(10, "udiag_state: LISTEN")
      .U8(0, "pad")
      .U32(7777, "udiag_ino")
      .U32(0x21, "udiag_cookie, low half")
      .U32(0, "udiag_cookie, high half");
}

}  // namespace sockscope::test
