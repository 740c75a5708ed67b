# What is installed for the whole computer, by what Windows itself lists.
[CmdletBinding()]
param(
    [ValidatePattern('^[\w .()+-]*$')]
    [string]$Word = ''
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$places = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall',
    'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall'
$found = @($places | Where-Object { Test-Path -Path $_ } | Get-ChildItem | Where-Object {
        $name = $_.GetValue('DisplayName')
        $name -and $name -like "*$Word*" -and -not $_.GetValue('SystemComponent')
    } | Sort-Object -Property { $_.GetValue('DisplayName') })
if (-not $found.Count) { 'Nothing of that name is installed for the whole computer.' }
foreach ($each in $found) {
    [pscustomobject]@{
        Name      = $each.GetValue('DisplayName')
        Version   = $each.GetValue('DisplayVersion')
        Publisher = $each.GetValue('Publisher')
        Installed = $each.GetValue('InstallDate')
    }
}
