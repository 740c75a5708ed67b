# Restarts the host after some minutes, with a message on the screen of whoever is signed in.
[CmdletBinding(SupportsShouldProcess)]
param(
    [ValidateRange(1, 240)]
    [int]$Minutes = 10,

    [Parameter(Mandatory)]
    [ValidatePattern('^[^"%]+$')]
    [string]$Message
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, "Restart in $Minutes minutes")) {
    $ErrorActionPreference = 'Continue'  # what a program says on its error stream is no end of the script
    shutdown.exe /r /t ($Minutes * 60) /d p:4:1 /c $Message
    $ErrorActionPreference = 'Stop'
    if ($LASTEXITCODE -eq 1190) { throw 'A restart or shutdown is planned there already. Cancel that first.' }
    if ($LASTEXITCODE -ne 0) { throw "Windows did not take it (code $LASTEXITCODE)." }
    '{0} restarts at {1:HH:mm}. Until then it can be cancelled.' -f $env:COMPUTERNAME, (Get-Date).AddMinutes($Minutes)
}
