#!/usr/bin/env bash
# Makes the file system of Calibre-Web, a real media app, of Debian's Python and packages of the Python index.
#
# calibre-web.sh REQUIREMENTS WORK TARGET
#   REQUIREMENTS  the pinned packages
#   WORK          a folder for what lies about meanwhile
#   TARGET        the tar file to write
#
# Works as root and as anybody: packages are unpacked, never configured, and nothing is run as another user.
set -euo pipefail
umask 022

requirements=$1
work=$(mktemp -d "$2/calibre-web.XXXXXX")
target=$3
trap 'rm -rf "$work" "$target.half"' EXIT

if [[ $(uname -m) != x86_64 ]]; then
  echo "calibre-web: the pinned packages are for x86_64, and this machine is $(uname -m)" >&2
  exit 1
fi

root=$work/root
packages=$root/usr/lib/python3/dist-packages
library=$root/usr/lib/python3.11
libraries=$root/usr/lib/x86_64-linux-gnu
mkdir -p "$packages"

mmdebstrap --quiet --variant=extract --include=python3.11-minimal,libpython3.11-stdlib,libmagic1,media-types \
  bookworm "$work/debian.tar"
tar -C "$root" --exclude='./dev/*' --no-same-owner -xf "$work/debian.tar"

pip() {
  python3 -m pip --disable-pip-version-check install --quiet --root-user-action=ignore --require-hashes \
    --no-deps --no-compile --only-binary :all: "$@"
}

# Two packages are built, which takes setuptools: the pinned one, not the newest that pip would get by itself.
grep -A 1 '^setuptools==' "$requirements" >"$work/setuptools.txt"
pip --target "$work/setuptools" --requirement "$work/setuptools.txt"
PYTHONPATH=$work/setuptools pip --use-pep517 --no-build-isolation --no-binary flask-principal,iso-639 \
  --implementation cp --python-version 3.11 \
  --platform manylinux_2_34_x86_64 --platform manylinux_2_28_x86_64 --platform manylinux_2_17_x86_64 \
  --platform manylinux2014_x86_64 --platform manylinux_2_5_x86_64 \
  --target "$packages" --requirement "$requirements"

# What no program here opens: it is copied to emulated machines.
(
  cd "$root"
  rm -rf bin/tar etc/{alternatives,apt,cron.daily,dpkg,fstab,hostname,logrotate.d,resolv.conf,rmt} lib/systemd sbin \
    usr/bin/{dpkg*,update-alternatives} usr/lib/{binfmt.d,dpkg,mime} usr/libexec usr/sbin var \
    lib/x86_64-linux-gnu/lib{history,mvec,ncurses,readline,selinux}*
  find usr/share -mindepth 1 -maxdepth 1 ! -name misc -exec rm -rf {} +
)
rm -rf "$libraries"/{gconv,engines-3,krb5,ossl-modules} \
  "$libraries"/lib{acl,db,form,gssapi,k5crypto,krb5,md,menu,nsl,panel,pcre2,tic}* \
  "$library"/{ensurepip,idlelib,lib2to3,pydoc_data,test,turtledemo} \
  "$library"/lib-dynload/{_ctypes_test,_curses,_dbm,_test,_xxtest,nis,ossaudiodev,readline,xxlimited}* \
  "${packages:?}"/{bin,include,calibreweb/cps/{static/locale,translations},lxml/objectify.*,sqlalchemy/testing} \
  "$packages"/sqlalchemy/dialects/{mssql,mysql,oracle,postgresql}
find "$packages/babel/locale-data" -type f ! -name root.dat ! -name en.dat ! -name en_US.dat -delete
# Of setuptools only pkg_resources is used, with what it brings along.
find "$packages/setuptools" -mindepth 1 -maxdepth 1 ! -name _vendor -exec rm -rf {} +
rm -rf "$packages"/setuptools/_vendor/{inflect,typeguard,wheel}*
find "$packages" -type d \( -name test -o -name tests \) -prune -exec rm -rf {} +
find "$packages" -type f \( -name '*.[ch]' -o -name '*.[ch]pp' -o -name '*.p[yx][xdi]' -o -name '*.map' \) -delete
find "$packages" -type f \( -name RECORD -o -name INSTALLER -o -name REQUESTED \) -delete

# Compiled here, since an emulated processor takes a minute for it at every start, and sources would double the size.
env -i PYTHONHOME="$root/usr" \
  "$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/lib/x86_64-linux-gnu:$libraries" "$root/usr/bin/python3.11" \
  -B -S -m compileall -q -b -s "$root" -p / --invalidation-mode unchecked-hash "$root/usr/lib"
find "$root/usr/lib" -name '*.pyc' -type f -print0 | while IFS= read -r -d '' compiled; do
  rm -f "${compiled%c}"
done

mkdir -p "$root"/{config,tmp}
chmod -R u+rwX,go+rX,go-w "$root"
chmod 1777 "$root"/{config,tmp}
tar -C "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=gnu -cf "$target.half" .
mv "$target.half" "$target"
