#!/bin/sh
# Installs the peers of the interop suite (test/interop) on Debian or Ubuntu: `sh tools/install-interop-peers.sh`.
# Nothing happens where all of them are there already. No package gets to start its service.
set -eu
LC_ALL=C
export LC_ALL

# What the suite runs, and the package that brings it. Files, not packages, are looked for, so that
# another JDK than Debian's default one is as good.
peers="
/usr/bin/nghttp           nghttp2-client
/usr/bin/h2load           nghttp2-client
/usr/sbin/nghttpd         nghttp2-server
/usr/sbin/nghttpx         nghttp2-proxy
/usr/bin/curl             curl
/usr/sbin/apache2         apache2
/usr/sbin/lighttpd        lighttpd
/usr/lib/lighttpd/mod_openssl.so lighttpd-mod-openssl
/usr/sbin/nginx           nginx
/usr/sbin/haproxy         haproxy
/usr/bin/chromium         chromium
/usr/bin/openssl          openssl
/usr/bin/javac            default-jdk-headless
/usr/bin/python3          python3
/usr/lib/python3/dist-packages/h2 python3-h2
"

missing=$(echo "$peers" | while read -r file package; do
  if [ -n "$file" ] && [ ! -e "$file" ]; then echo "$package"; fi
done | sort -u)

if [ -z "$missing" ]; then
  echo "All peers of the interop suite are installed."
  exit 0
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then as_root=sudo; fi

# invoke-rc.d asks this program whether it may start a service; 101 means no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
  $as_root chmod 755 "$policy"
  trap '$as_root rm -f "$policy"' EXIT
fi

echo "Installing:" $missing
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
