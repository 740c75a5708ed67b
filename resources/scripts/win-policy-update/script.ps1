# Group policy of the computer, now instead of within two hours.
[CmdletBinding(SupportsShouldProcess)]
param()

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, 'Apply the group policy of the computer')) {
    $ErrorActionPreference = 'Continue'  # what a program says on its error stream is no end of the script
    gpupdate.exe /target:computer /wait:150
    $ErrorActionPreference = 'Stop'
    if ($LASTEXITCODE -ne 0) {
        Write-Warning -Message 'It was not applied. Without the company network or VPN the domain is not reached.'
        exit $LASTEXITCODE
    }
}
