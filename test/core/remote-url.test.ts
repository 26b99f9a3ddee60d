import { describe, expect, it } from "vitest";
import { isSameRemote, parseRemoteUrl, shownUrl } from "../../src/core/remote-url.ts";
import { BdError } from "../../src/errors.ts";

function refusal(url: string): string {
  try {
    parseRemoteUrl(url);
  } catch (error) {
    if (error instanceof BdError && error.code === "REMOTE_URL_INVALID") return error.message;
    throw error;
  }
  throw new Error(`${url} was taken`);
}

describe("a remote's URL", () => {
  it.each([
    ["file:///srv/remotes/app", "nothing"],
    ["http://tracker.example.test:8080/app", "password"],
    ["https://tracker.example.test/team/app", "password"],
    ["http://[::1]:8080/app", "password"],
    ["aws://[table:bucket]/app", "server-credentials"],
    ["gs://bucket/app", "server-credentials"],
    ["az://account.blob.core.windows.net/container/app", "server-credentials"],
    ["oci://bucket/app", "server-credentials"],
    ["s3://bucket/app", "server-credentials"],
    ["git+https://git.example.test/team/app.git", "server-credentials"],
    ["git+ssh://git@git.example.test/team/app.git", "server-credentials"],
    ["ssh://ann@host.example.test:22/srv/app", "server-credentials"],
  ])("%s needs %s, and Dolt gets it as it is", (url, needs) => {
    expect(parseRemoteUrl(url)).toMatchObject({ text: url, dolt: url, needs });
  });

  it("of DoltHub is translated, and needs DoltHub's login however it is written", () => {
    expect(parseRemoteUrl("dolthub://team/app")).toEqual({
      text: "dolthub://team/app",
      scheme: "dolthub",
      needs: "dolthub-login",
      tellsHost: false,
      dolt: "https://doltremoteapi.dolthub.com/team/app",
    });
    expect(parseRemoteUrl("https://doltremoteapi.dolthub.com/team/app")).toMatchObject({
      needs: "dolthub-login",
      tellsHost: false,
    });
  });

  it("loses slashes at its end, and capitals in its scheme", () => {
    expect(parseRemoteUrl("HTTP://host/app//").text).toBe("http://host/app");
  });

  it.each([
    "",
    "origin",
    "/srv/app",
    "team/app",
    "ftp://host/app",
    "ssh://-Fevil/app",
    "ssh://ann@-Fevil/app",
    "git+ssh://-lann@host/app",
    "git+https://-x/app",
    "http://-x/app",
    "az://-x/app",
    "file://host/app",
    "file://",
    "file:///",
    "http://host",
    "http:///app",
    "dolthub://team",
    "aws://bucket/app",
    "http://host/a b",
    "http://host/a\nb",
  ])("%j is refused with the list of forms", (url) => {
    const message = refusal(url);
    expect(message).toContain("file:///PATH, http(s)://HOST/ORG/DB, dolthub://ORG/DB");
  });

  it.each(["http://ann:s3cret@host/app", "ssh://ann:s3cret@host/app", "git+https://:s3cret@host/app.git"])(
    "%s is refused, and the password is not repeated",
    (url) => {
      expect(refusal(url)).toContain("DOLT_REMOTE_PASSWORD");
      expect(refusal(url)).not.toContain("s3cret");
    },
  );

  it.each([
    ["file:///srv/a%20b", "file:///srv/a%20b"],
    ["file:///srv/a b", "file:///srv/a%20b"],
    ["FILE:///srv//x/./y/../b/", "file:///srv/x/b"],
    ["file:///srv/x%2Fy", "file:///srv/x/y"],
    ["file:///srv/x\\y", "file:///srv/x/y"],
    ["file:///srv/%C3%A9", "file:///srv/é"],
    ["file:///srv/a:b@c", "file:///srv/a:b@c"],
  ])("of a folder has one spelling: %s is %s", (url, text) => {
    expect(parseRemoteUrl(url)).toEqual({ text, dolt: text, scheme: "file", needs: "nothing", tellsHost: false });
  });

  it.each(["file:///srv/a%zz", "file:///srv/a%2520b", "file:///srv/a%3Fb", "file:///a%0Ab", "file:///srv/.."])(
    "%s is refused: Dolt would look elsewhere",
    (url) => {
      expect(refusal(url)).toContain("the forms are file:///PATH");
    },
  );

  it("with a query is refused, and that is not repeated", () => {
    expect(refusal("https://host/app?sig=s3cret")).not.toContain("s3cret");
  });
});

it("two URLs are the same remote as Dolt sees them", () => {
  expect(isSameRemote("dolthub://team/app", "https://doltremoteapi.dolthub.com/team/app/")).toBe(true);
  expect(isSameRemote("file:///srv/a", "file:///srv/b")).toBe(false);
});

it("two spellings of a folder are the same remote", () => {
  expect(isSameRemote("file:///srv/a%20b", "file:///srv/a b")).toBe(true);
});

it.each([
  ["http://ann:s3cret@host/app?x=s3cret", "http://***@host/app?***"],
  ["https://s3cret@host/app", "https://***@host/app"],
  ["https://ann:s3@cret@host:80/app", "https://***@host:80/app"],
  ["https://ann:s3/cret@host/app", "https://***@host/app"],
  ["ssh://ann:s3cret@host/app", "ssh://***@host/app"],
  ["git+https://s3cret@host/app.git", "git+https://***@host/app.git"],
  ["git+ssh://git@host/app.git", "git+ssh://git@host/app.git"],
  ["http://host:8080/app@2", "http://host:8080/app@2"],
  ["file:///srv/a:b@c", "file:///srv/a:b@c"],
])("%s, which somebody else stored, is shown as %s", (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});
