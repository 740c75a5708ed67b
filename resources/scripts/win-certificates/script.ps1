# Certificates of the computer that have expired, or will soon. Those of a person lie in their own session's store.
[CmdletBinding()]
param(
    [ValidateSet('My', 'WebHosting', 'Remote Desktop', 'Root', 'CA')]
    [string]$Store = 'My',

    [ValidateRange(0, 3650)]
    [int]$Days = 60
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$place = "Cert:\LocalMachine\$Store"
if (-not (Test-Path -Path $place)) { throw "There is no store $Store on $env:COMPUTERNAME." }
$now = Get-Date
$found = @(Get-ChildItem -Path $place | Where-Object { $_.NotAfter -lt $now.AddDays($Days) } |
        Sort-Object -Property NotAfter)
if (-not $found.Count) { "No certificate in $Store expires within $Days days." }
foreach ($each in $found) {
    [pscustomobject]@{
        Subject    = $each.Subject
        Expires    = '{0:yyyy-MM-dd HH:mm}' -f $each.NotAfter
        DaysLeft   = [Math]::Floor(($each.NotAfter - $now).TotalDays)
        Issuer     = $each.Issuer
        HasKey     = $each.HasPrivateKey
        Thumbprint = $each.Thumbprint
    }
}
