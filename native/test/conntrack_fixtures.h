#pragma once

#include <initializer_list>

#include "test/wire.h"

// Messages of ctnetlink as Linux 6.18 sends them, attribute by attribute. Numbers are in network order.
namespace sockscope::test {

inline Buffer Be32(uint32_t value) {
  return Bytes().Be16(value >> 16).Be16(value & 0xffff);
}

inline Buffer Be64(uint64_t value) {
  return Bytes().Append(Be32(uint32_t(value >> 32))).Append(Be32(uint32_t(value)));
}

inline Buffer Be16(unsigned value) { return Bytes().Be16(value); }

inline constexpr unsigned kNested = 0x8000;   // NLA_F_NESTED

using Quad = std::initializer_list<uint8_t>;

inline Buffer Ip4(Quad source, Quad destination) {
  return Bytes()
      .Attribute(kNested | 1 /* CTA_TUPLE_IP */, Bytes()
                                                      .Attribute(1 /* CTA_IP_V4_SRC */, source)
                                                      .Attribute(2 /* CTA_IP_V4_DST */, destination));
}

inline Buffer Ports(unsigned protocol, unsigned source, unsigned destination) {
  return Bytes().Attribute(kNested | 2 /* CTA_TUPLE_PROTO */,
                           Bytes()
                               .Attribute(1 /* CTA_PROTO_NUM */, Bytes().U8(protocol))
                               .Attribute(2 /* CTA_PROTO_SRC_PORT */, Be16(source))
                               .Attribute(3 /* CTA_PROTO_DST_PORT */, Be16(destination)));
}

inline Buffer IcmpQuery(unsigned id, unsigned type, unsigned code) {
  return Bytes().Attribute(kNested | 2 /* CTA_TUPLE_PROTO */,
                           Bytes()
                               .Attribute(1 /* CTA_PROTO_NUM */, Bytes().U8(1))
                               .Attribute(4 /* CTA_PROTO_ICMP_ID */, Be16(id))
                               .Attribute(5 /* CTA_PROTO_ICMP_TYPE */, Bytes().U8(type))
                               .Attribute(6 /* CTA_PROTO_ICMP_CODE */, Bytes().U8(code)));
}

inline Buffer Sent(const Buffer& tuple) { return Bytes().Attribute(kNested | 1 /* CTA_TUPLE_ORIG */, tuple); }
inline Buffer Reply(const Buffer& tuple) { return Bytes().Attribute(kNested | 2 /* CTA_TUPLE_REPLY */, tuple); }
inline Buffer NatStatus(uint32_t status) { return Bytes().Attribute(3 /* CTA_STATUS */, Be32(status)); }

inline constexpr uint32_t kPlainStatus = 0x18e;    // CONFIRMED | SEEN_REPLY | ASSURED | SRC_NAT_DONE | DST_NAT_DONE
inline constexpr uint32_t kSourceStatus = 0x19e;   // and SRC_NAT

// 10.0.0.2:40000 -> 192.0.2.9:80, masqueraded as 192.0.2.1:port.
inline Buffer MasqueradedTuples(unsigned port = 40001) {
  return Join({Sent(Join({Ip4({10, 0, 0, 2}, {192, 0, 2, 9}), Ports(6, 40000, 80)})),
               Reply(Join({Ip4({192, 0, 2, 9}, {192, 0, 2, 1}), Ports(6, 80, port)}))});
}

inline Buffer TcpInfo(unsigned state) {
  return Bytes().Attribute(
      kNested | 4 /* CTA_PROTOINFO */,
      Bytes().Attribute(kNested | 1 /* CTA_PROTOINFO_TCP */, Bytes()
                                                                 .Attribute(1 /* CTA_PROTOINFO_TCP_STATE */, Bytes().U8(state))
                                                                 .Attribute(2 /* WSCALE_ORIGINAL */, Bytes().U8(7))
                                                                 .Attribute(4 /* FLAGS_ORIGINAL */, {0x23, 0})));
}

inline Buffer Counters(unsigned type, uint64_t packets, uint64_t bytes) {
  return Bytes().Attribute(kNested | type, Bytes()
                                               .Attribute(1 /* CTA_COUNTERS_PACKETS */, Be64(packets))
                                               .Attribute(2 /* CTA_COUNTERS_BYTES */, Be64(bytes)));
}

inline Buffer ConnectionBody(const Buffer& attributes, unsigned family = 2) {
  return Bytes().U8(family, "nfgen_family").U8(0, "version").Be16(0, "res_id").Append(attributes);
}

inline Buffer ConnectionMessage(const Buffer& attributes, uint32_t sequence = 1) {
  return NetlinkMessage(0x100 /* CTNETLINK, IPCTNL_MSG_CT_NEW */, NLM_F_MULTI, sequence, ConnectionBody(attributes));
}

}  // namespace sockscope::test
