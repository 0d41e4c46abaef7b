#!/bin/bash
# Shows that packages have the same bytes wherever and by whomever they are made.
#
#   reproducible.sh packages BIN_DIR DIR   makes them of the same programs again, in another folder, with
#                                          other settings, and compares them with those in DIR
#   reproducible.sh sources                builds everything twice, from the sources in two folders
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

# copy DIR: the sources as they are here.
copy() {
  mkdir -p "$1"
  git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    [[ ! -e $file ]] || printf '%s\0' "$file"
  done | tar --create --null --files-from=- | tar --extract --directory="$1"
  # The same versions of what they depend on.
  [[ ! -e Package.resolved ]] || cp Package.resolved "$1/"
}

# same DIR DIR
same() {
  local file status=0
  for file in "$1"/*.{deb,rpm}; do
    if cmp "$file" "$2/${file##*/}"; then
      echo "same bytes: $(sha256sum "$file" | cut -d' ' -f1) ${file##*/}"
    else
      status=1
    fi
  done
  return $status
}

case $1 in
  packages)
    bin=$(realpath "$2") made=$(realpath "$3")
    folder="$work/another folder"
    copy "$folder"
    mkdir "$work/home" "$work/temporary"
    (
      cd "$folder"
      umask 077
      env -i PATH="$PATH" HOME="$work/home" TMPDIR="$work/temporary" USER=another LANG=de_DE.UTF-8 LC_ALL=C.UTF-8 \
        TZ=Pacific/Kiritimati SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" \
        sh -ec 'packaging/deb.sh "$1" "$2"; packaging/rpm.sh "$1" "$2"' sh "$bin" "$work/again"
    )
    same "$made" "$work/again"
    ;;
  sources)
    for folder in "$work/first" "$work/another-folder-with-a-longer-name/second"; do
      copy "$folder"
      make -C "$folder" dist
    done
    same "$work/first/dist" "$work/another-folder-with-a-longer-name/second/dist"
    ;;
  *)
    sed -n 's/^# \{0,1\}//p' "$0" | head -n 7 >&2
    exit 2
    ;;
esac
