@echo off
rem set PYTHON=C:\path\to\python.exe chooses another Python.
if "%PYTHON%"=="" set PYTHON=python
"%PYTHON%" "%~dp0install.py"
pause
