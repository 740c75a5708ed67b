# Takes back a restart or shutdown that is planned.
[CmdletBinding(SupportsShouldProcess)]
param()

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, 'Cancel the restart that is planned')) {
    $ErrorActionPreference = 'Continue'  # what a program says on its error stream is no end of the script
    shutdown.exe /a
    $ErrorActionPreference = 'Stop'
    if ($LASTEXITCODE -eq 1116) {
        'No restart is planned there.'
        exit 0
    }
    if ($LASTEXITCODE -ne 0) { throw "Windows did not take it back (code $LASTEXITCODE)." }
    'The restart is cancelled.'
}
