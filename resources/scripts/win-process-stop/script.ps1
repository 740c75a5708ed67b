# Ends one process, known by its number and its name: a number alone may be another process by now.
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [ValidateRange(5, 4194304)]
    [int]$ProcessNumber,

    [Parameter(Mandatory)]
    [ValidatePattern('^[\w .()+-]+$')]
    [string]$Name
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$kept = 'csrss', 'dwm', 'fontdrvhost', 'lsaiso', 'lsass', 'lsm', 'MsMpEng', 'services', 'smss', 'svchost', 'System',
    'wininit', 'winlogon', 'wsmprovhost'
$found = Get-Process -Id $ProcessNumber -ErrorAction SilentlyContinue
if (-not $found) { throw "Nothing with the number $ProcessNumber runs any more." }
if ($found.ProcessName -ne $Name) {
    throw "The number $ProcessNumber is $($found.ProcessName) by now, not $Name. Nothing was ended."
}
if ($found.ProcessName -in $kept) { throw "$Name keeps Windows itself going. It is not ended." }

if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, "End $Name ($ProcessNumber)")) {
    $found | Stop-Process -Force
    $found | Wait-Process -Timeout 20
    "$Name ($ProcessNumber) has ended."
}
