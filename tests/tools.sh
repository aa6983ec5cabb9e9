#!/bin/sh
# Names the programs that some tests need. As root on Debian in CI it installs them; elsewhere it only tells.
want="lsof:lsof tmux:tmux ip:iproute2 zstd:zstd nft:nftables setpriv:util-linux unshare:util-linux nsenter:util-linux zsh:zsh fish:fish groff:groff man:man-db"
packages=""
for pair in $want; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || packages="$packages ${pair##*:}"
done
[ -z "$packages" ] && exit 0
if [ "$(id -u)" = 0 ] && [ -n "$RATOP_CI" ] && command -v apt-get >/dev/null 2>&1; then
    { apt-get update -q && apt-get install -y -q $packages; } >/dev/null 2>&1 && exit 0
fi
echo "some tests will be skipped; missing:$packages (Debian: apt-get install$packages)" >&2
exit 0
