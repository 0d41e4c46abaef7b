# shellcheck shell=bash
# Ways to tamper, for demo.sh: each is given the name of a home.

# What a user makes is the user's. Only root can and has to say so.
give() { [[ $EUID -ne 0 ]] || chown -h --reference="$dir/home/$1" "$2"; }

# Puts standard input in the target's place with a rename, as editors do.
replace() {
  cat >"$scratch/new"
  [[ $1 == central ]] || give "$1" "$scratch/new"
  mv -fT "$scratch/new" "$(target_of "$1")"
}
replace_edited() { sed "$2" "$config/mcp.json" | replace "$1"; }

# What takes several steps is done while the daemon is paused: else it would be back in between.
paused() {
  local code=0 state=
  kill -STOP "$daemon"
  until [[ $state == [TZ] ]]; do read -r _ _ state _ <"/proc/$daemon/stat"; done
  "$@" || code=$?
  kill -CONT "$daemon"
  return "$code"
}

# Writes into the file that is there, in one go, so that the daemon judges this and not half of it.
overwrite_edited() {
  local changed
  changed=$(sed "$2" "$config/mcp.json")
  # All but root have to make it writable first, which the daemon would undo at once.
  if [[ $EUID -eq 0 ]]; then write_over "$1" "$changed"; else paused write_over "$1" "$changed"; fi
}
write_over() {
  [[ $EUID -eq 0 ]] || chmod u+w "$(target_of "$1")"
  printf '%s\n' "$2" 1<>"$(target_of "$1")"
}

remove() { rm -f "$(target_of "$1")"; }
empty() { replace "$1" </dev/null; }
open_mode() { chmod 666 "$(target_of "$1")"; }
symlink() {
  cp "$config/mcp.json" "$dir/home/$1/my-own.json"
  ln -sT "$dir/home/$1/my-own.json" "$scratch/link"
  give "$1" "$dir/home/$1/my-own.json"
  give "$1" "$scratch/link"
  mv -fT "$scratch/link" "$(target_of "$1")"
}
fifo() {
  mkfifo "$scratch/fifo"
  give "$1" "$scratch/fifo"
  mv -fT "$scratch/fifo" "$(target_of "$1")"
}
directory() {
  rm "$(target_of "$1")"
  mkdir "$(target_of "$1")"
  give "$1" "$(target_of "$1")"
}
linked_folder() {
  mv -T "$dir/home/$1/.kiro" "$dir/home/$1/.kiro-moved"
  ln -sT .kiro-moved "$dir/home/$1/.kiro"
  give "$1" "$dir/home/$1/.kiro"
}
remove_folder() { rm -rf "$dir/home/$1/.kiro"; }
rename_settings() { mv -T "$dir/home/$1/.kiro/settings" "$dir/home/$1/.kiro/settings-old"; }

# make_home USER: whole from the start, as when it is unpacked or mounted.
uid=20000
make_home() {
  uid=$((uid + 1))
  mkdir "$scratch/home"
  [[ $EUID -ne 0 ]] || chown "$uid:$uid" "$scratch/home"
  mv -T "$scratch/home" "$dir/home/$1"
}

