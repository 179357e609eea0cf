@echo off
rem Every check, in Windows' Linux (WSL): script\test.cmd. Goen needs Linux: it locks files and serves in ways that Windows does not have.
chcp 65001 >nul
wsl --exec true >nul 2>nul
if errorlevel 1 goto no_wsl
wsl --exec sh -c "command -v python3 && python3 -c 'import ensurepip'" >nul 2>nul
if errorlevel 1 goto no_python
wsl --cd "%~dp0.." --exec sh script/in-wsl.sh test %*
exit /b %errorlevel%

:no_wsl
echo GoenにはLinuxが必要です。WindowsにはLinuxを入れるしくみ（WSL）があります。
echo  1. 「ターミナル」を管理者として開き、次を実行して、パソコンを再起動します:  wsl --install -d Ubuntu
echo  2. スタートメニューの Ubuntu を一度開き、名前とパスワードを決めます。
echo  3. もう一度、script\test.cmd を実行します。
echo.
echo Goen needs Linux. Windows can have it (WSL):
echo  1. Open Terminal as administrator, run this, and restart the computer:  wsl --install -d Ubuntu
echo  2. Open Ubuntu from the start menu once, and choose a name and a password.
echo  3. Run script\test.cmd again.
exit /b 1

:no_python
echo WSLにPythonがありません。Ubuntuを開いて、次を実行してから、もう一度お試しください:
echo There is no Python in WSL. Open Ubuntu, run this, and try again:
echo   sudo apt update ^&^& sudo apt install -y python3 python3-venv
exit /b 1
