# shellcheck shell=bash
# Set-up shared by ./run and ./test; sourced by them, from the root of the repository.
#
# Every step leaves a stamp (a hash of what it was made from) and is skipped while the stamp holds,
# so a second start costs only the hashing.

venv=.venv
python=$venv/bin/python
stamps=$venv/stamps
ui=webapp/ui
ui_output=webapp/static/dist

# Every process of ours would compile all packages anew, for seconds, where an image switches this on.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$@"; }
fail() { # fail <exit status> <sentence ...>
  local status=$1
  shift
  printf '%s\n' "$@" >&2
  exit "$status"
}

hash_of() { # hash_of <file or folder ...>: one hash over names and contents
  { find "$@" \( -name node_modules -o -name __pycache__ \) -prune -o -type f -print0 2>/dev/null || true; } \
    | LC_ALL=C sort -z | xargs -0r sha256sum | sha256sum | cut -d ' ' -f 1
}
quietly() { # quietly <command ...>: its output is shown only when it fails
  local output
  output=$("$@" 2>&1) || { printf '%s\n' "$output" >&2; return 1; }
}
is_fresh() { [ -f "$1" ] && [ "$(<"$1")" = "$2" ]; } # is_fresh <stamp file> <hash>

# --- packages of the operating system -------------------------------------------------------------

need_packages() { # need_packages <why> <Debian package ...>: installs them as root, otherwise says which and stops
  local why=$1
  shift
  local install="apt-get install --yes --no-install-recommends $*"
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    fail 2 "$why needs packages of the operating system that are missing here." \
      "On Debian or Ubuntu:" "  sudo $install" "Then type the command again."
  fi
  say "Installing for $why: $*"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update >/dev/null || say "The package lists could not be refreshed; trying with those at hand."
  # shellcheck disable=SC2086  # the package names are words
  quietly $install -q -o Dpkg::Use-Pty=0 || fail 2 "apt-get could not install: $*"
}

wish_packages() { # wish_packages <why> <Debian package ...>: the same, but what cannot be had is only told
  local why=$1
  shift
  local install="apt-get install --yes --no-install-recommends $*"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    (need_packages "$why" "$@") && return
  fi
  say "$why is not possible yet: packages of the operating system are missing. Everything else works without them." \
    "On Debian or Ubuntu:" "  sudo $install"
}

has_library() { ldconfig -p 2>/dev/null | grep "$1" >/dev/null; } # not -q: who ends early breaks the pipe, and that fails

missing_for_printing() {
  has_library libpangoft2-1.0.so.0 || echo libpango-1.0-0 libpangoft2-1.0-0
  has_library libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
}

missing_browser() { # the whole browser serves as well, at twice the time
  [ -z "${CHROMIUM:-}" ] && ! command -v chromium-headless-shell >/dev/null || return 0
  if command -v chromium chromium-browser google-chrome >/dev/null; then
    [ "$(id -u)" = 0 ] && apt-cache show chromium-headless-shell >/dev/null 2>&1 || return 0
  fi
  echo chromium-headless-shell
}

missing_for_tests() {
  missing_for_printing
  missing_browser
  [ -n "${TEST_DATABASE_URL:-}" ] || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
  has_library libatomic.so.1 || echo libatomic1 # for the Node that Playwright brings with it
  [ -n "$(PATH="$PATH:/usr/sbin" command -v nginx)" ] || echo nginx # before several web processes
  command -v pdftotext >/dev/null || echo poppler-utils
  command -v git >/dev/null || echo git
}

# --- Python ---------------------------------------------------------------------------------------

find_python() { # prints the interpreter to build the environment with
  local candidate
  for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

make_environment() {
  # An environment knows its own path: one that was moved, or whose making was interrupted, is made anew.
  [ -x "$python" ] && is_fresh "$stamps/place" "$PWD" && return
  local base
  base=$(find_python) || fail 2 "Python 3.11 or newer is needed (on Debian 12: apt-get install python3 python3-venv)."
  if ! "$base" -c 'import venv, ensurepip' 2>/dev/null; then # Debian keeps them in a package of their own
    need_packages "a Python environment" "$("$base" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  fi
  say "Creating the Python environment"
  quietly "$base" -m venv --clear "$venv"
  mkdir -p "$stamps"
  echo "$PWD" >"$stamps/place"
}

use_pip_settings() { # uv reads neither pip.conf nor PIP_*: hand it the index and the certificates pip is set to
  local pip=("$python" -m pip --disable-pip-version-check config get)
  if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    local index
    index=${PIP_INDEX_URL:-$("${pip[@]}" global.index-url 2>/dev/null || true)}
    [ -z "$index" ] || export UV_DEFAULT_INDEX=$index
  fi
  if [ -z "${SSL_CERT_FILE:-}" ]; then
    local certificates
    certificates=${PIP_CERT:-$("${pip[@]}" global.cert 2>/dev/null || true)}
    [ -z "$certificates" ] || export SSL_CERT_FILE=$certificates
  fi
}

install_python_packages() { # install_python_packages runtime|dev
  local kind=$1 wanted
  wanted=$(hash_of pyproject.toml requirements/boot.txt "requirements/$kind.txt")
  is_fresh "$stamps/$kind" "$wanted" && return
  # The locks of dev contain those of runtime: an environment made for the tests serves ./run as it is.
  if [ "$kind" = runtime ] && [ -f "$stamps/dev" ]; then
    is_fresh "$stamps/dev" "$(hash_of pyproject.toml requirements/boot.txt requirements/dev.txt)" && return
  fi
  say "Installing Python packages ($kind)"
  rm -f "$stamps/runtime" "$stamps/dev"
  use_pip_settings
  "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/boot.txt
  local uv=("$venv/bin/uv" pip)
  "${uv[@]}" sync --quiet --python "$python" --require-hashes requirements/boot.txt "requirements/$kind.txt"
  "${uv[@]}" install --quiet --python "$python" --no-deps --no-build-isolation -e .
  echo "$wanted" >"$stamps/$kind"
}

# --- the parts that are built ---------------------------------------------------------------------

build_pages() { # the TypeScript islands, with the Node that came as a wheel
  [ -f "$ui/package.json" ] || return 0
  local packages built
  packages=$(hash_of "$ui/package.json" "$ui/package-lock.json")
  built=$(hash_of "$ui")
  is_fresh "$ui_output/.stamp" "$built" && is_fresh "$ui/node_modules/.stamp" "$packages" && return
  local path=$PWD/$venv/bin:$PATH
  if ! is_fresh "$ui/node_modules/.stamp" "$packages"; then
    say "Installing packages of the pages"
    (cd "$ui" && PATH=$path quietly npm ci --ignore-scripts --no-audit --no-fund)
    echo "$packages" >"$ui/node_modules/.stamp"
  fi
  say "Building the pages"
  (cd "$ui" && PATH=$path quietly npm run build)
  echo "$built" >"$ui_output/.stamp"
}

compile_translations() { # every .po becomes the .mo beside it
  local wanted
  wanted=$(find webapp -name '*.po' -print0 | LC_ALL=C sort -z | xargs -0r sha256sum | sha256sum | cut -d ' ' -f 1)
  is_fresh "$stamps/translations" "$wanted" && return
  "$python" -c 'from webapp.core.i18n import compile_catalogs; compile_catalogs()'
  echo "$wanted" >"$stamps/translations"
}

set_up() { # set_up runtime|dev
  make_environment
  install_python_packages "$1"
  build_pages
  compile_translations
}
