import type { LeftOut } from "./rule.ts";

/** What RFC 9113 and RFC 7541 ask of others, or where nobody else can look. */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    section: "RFC 9113 5.5",
    what: "How extensions are to be designed.",
    why: "It binds the authors of extensions.",
  },
  {
    section: "RFC 9113 6.5.2",
    what: "MAX_CONCURRENT_STREAMS of 0 for a short time only.",
    why: "It binds who configures a server. Ours announces 100 unless told otherwise.",
  },
  {
    section: "RFC 9113 6.8",
    what: "Care with debug data in logs.",
    why: "We keep no logs. The data are an event of the application, and a command line shows them escaped.",
  },
  {
    section: "RFC 9113 8.1.1, 8.2.1, 8.2.2, 8.3.1, 10.3, 10.7",
    what: "Rules for intermediaries that forward messages.",
    why: "h2wire is no intermediary. What such a program needs is there: checked fields, and sensitive ones marked.",
  },
  {
    section: "RFC 9113 8.4, 8.4.2, 10.4",
    what: "Caches of pushed responses, and requests for what was promised.",
    why: "There is no cache, and our client takes no pushes.",
  },
  {
    section: "RFC 9113 8.4.1",
    what: "Promises before the frames that refer to them.",
    why: "The order is that of the application's calls.",
  },
  {
    section: "RFC 9113 8.5",
    what: "TCP segments with RST between a proxy and its target.",
    why: "Our server answers CONNECT with 501; with the engine alone it is the caller's connection.",
  },
  {
    section: "RFC 9113 9.1, 9.2.1",
    what: "Several connections with one configuration; client certificates by renegotiation.",
    why: "The first is the caller's choice, and the second needs renegotiation, which is off.",
  },
  {
    section: "RFC 9113 9.2",
    what: "The general advice on TLS of other documents.",
    why: "It binds who runs a server: keys, certificates, and the version of Node.",
  },
  {
    section: "RFC 9113 10.4",
    what: "Several owners of content on one server.",
    why: "It binds who runs such a server.",
  },
  {
    section: "RFC 9113 10.6",
    what: "No compression of secrets together with what an attacker wrote.",
    why: "We compress no content. Fields of secrets are never indexed (RFC 7541 section 7.1.3).",
  },
];
