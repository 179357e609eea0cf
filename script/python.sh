# Read by the other scripts: ends them where there is no Python.
command -v python3 >/dev/null || {
  echo "GoenにはPython 3.11以上が必要ですが、python3が見つかりません。入れてから、もう一度お試しください。" >&2
  echo "Goen needs Python 3.11 or newer, and there is no python3 here. Please install it." >&2
  echo "Debian, Ubuntu: sudo apt-get install python3 python3-venv" >&2
  exit 1
}
