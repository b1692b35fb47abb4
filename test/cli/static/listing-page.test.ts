import { describe, expect, it } from "vitest";
import { type FolderEntry, type SortOrder, sortEntries } from "../../../src/cli/static/folder-entries.ts";
import { renderListing, renderSize } from "../../../src/cli/static/listing-page.ts";

/** The page of a folder whose entries are all shown. */
function pageOf(
  segments: readonly string[],
  entries: readonly FolderEntry[],
  order: SortOrder = byName,
): string {
  return renderListing(segments, { entries, isComplete: true }, order);
}

const byName = { key: "name", isDescending: false } as const;

function file(name: string, size = 1, day = 1): FolderEntry {
  return { name, isFolder: false, size, modified: new Date(Date.UTC(2026, 2, day, 10, 30)) };
}

function folder(name: string, day = 1): FolderEntry {
  return { ...file(name, 4096, day), isFolder: true };
}

describe("renderListing", () => {
  it("links to files and folders, with size and time", () => {
    const page = pageOf([], [folder("sub"), file("a.txt", 1536)]);
    expect(page).toMatch(/<a href="\.\/sub\/">.*<bdi>sub<\/bdi>\//);
    expect(page).toMatch(/<a href="\.\/a\.txt">.*<bdi>a\.txt<\/bdi><\/a>/);
    expect(page).toContain('<span title="1536 octets">1.5 KiB</span>');
    expect(page).toContain('<time datetime="2026-03-01T10:30:00.000Z">2026-03-01 10:30</time>');
    expect(page).toContain("1 folder, 1 file, 1.5 KiB</p>");
  });

  it.each([
    ["<script>alert(1)</script>", "%3Cscript%3Ealert(1)%3C%2Fscript%3E"],
    ['" onmouseover="x', "%22%20onmouseover%3D%22x"],
    ["javascript:alert(1)", "javascript%3Aalert(1)"],
    ["&amp;'", "%26amp%3B%27"],
    ["a?b#c", "a%3Fb%23c"],
  ])("makes nothing but a name of %s", (name, href) => {
    const page = pageOf([name], [file(name)]);
    const [row = ""] = /<tr><td>.*/.exec(page) ?? [];
    expect(row).toContain(`<a href="./${href}">`);
    expect(row.match(/<[a-z]+/g)).toEqual([
      "<tr",
      "<td",
      "<a",
      "<svg",
      "<use",
      "<bdi",
      "<td",
      "<span",
      "<td",
      "<time",
    ]);
    expect(page).not.toMatch(/<script|onmouseover="/);
  });

  it("shows what controls a terminal or turns text around as one mark", () => {
    expect(pageOf([], [file("a\u202e\n\u001bb")])).toContain("<bdi>a\ufffd\ufffd\ufffdb</bdi>");
  });

  it("leads up by relative links, and from the top nowhere", () => {
    const page = pageOf(["a", "b c"], []);
    expect(page).toContain('<a href="../../"><bdi></bdi>/</a>');
    expect(page).toContain('<a href="../"><bdi>a</bdi>/</a>');
    expect(page).toContain('<a href="./" aria-current="page"><bdi>b c</bdi>/</a>');
    expect(page).toContain("Nothing is here.");
    expect(pageOf([], [])).not.toContain("../");
  });

  it("turns the order around at the heading that sorts", () => {
    const page = pageOf([], [], { key: "size", isDescending: false });
    expect(page).toContain('<th scope="col" aria-sort="ascending"><a href="?sort=-size">Size</a></th>');
    expect(page).toContain('<th scope="col"><a href="?sort=name">Name</a></th>');
  });

  it("says when there is more", () => {
    const page = renderListing([], { entries: [file("a")], isComplete: false }, byName);
    expect(page).toContain("0 folders, 1 file, 1 B; more are there than are shown");
  });

  it("bears times that no calendar has", () => {
    const page = pageOf([], [{ ...file("a"), modified: new Date(Number.NaN) }]);
    expect(page).toContain("<bdi>a</bdi>");
  });
});

describe("sortEntries", () => {
  const entries = [
    file("file10", 5, 1),
    folder("z", 3),
    file("file9", 5, 2),
    file("B", 1, 4),
    folder("a", 9),
  ];
  const namesBy = (key: "name" | "size" | "modified", isDescending = false): string[] =>
    sortEntries(entries, { key, isDescending }).map(({ name }) => name);

  it("puts folders first, and numbers in names in their order", () => {
    expect(namesBy("name")).toEqual(["a", "z", "B", "file9", "file10"]);
    expect(namesBy("name", true)).toEqual(["z", "a", "file10", "file9", "B"]);
  });

  it("sorts by size, in which folders are equal, and by time", () => {
    expect(namesBy("size")).toEqual(["a", "z", "B", "file9", "file10"]);
    expect(namesBy("size", true)).toEqual(["a", "z", "file9", "file10", "B"]);
    expect(namesBy("modified")).toEqual(["z", "a", "file10", "file9", "B"]);
  });
});

describe("renderSize", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [1_048_575, "1.0 MiB"],
    [5_000_000_000, "4.7 GiB"],
  ])("says %d octets in words", (octets, words) => {
    expect(renderSize(octets)).toBe(words);
  });
});
