# The services of the host: all, those that should run and do not, or those whose name has a word in it.
[CmdletBinding()]
param(
    [ValidateSet('all', 'should run and do not', 'running')]
    [string]$Which = 'all',

    [ValidatePattern('^[\w .()-]*$')]
    [string]$Word = ''
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$found = @(Get-CimInstance -ClassName Win32_Service | Where-Object {
        ($Which -eq 'all') -or
        ($Which -eq 'running' -and $_.State -eq 'Running') -or
        ($Which -eq 'should run and do not' -and $_.StartMode -eq 'Auto' -and $_.State -ne 'Running')
    } | Where-Object { -not $Word -or $_.Name -like "*$Word*" -or $_.DisplayName -like "*$Word*" })
if (-not $found.Count) { 'There is no such service.' }
$found | Sort-Object -Property Name | ForEach-Object {
    [pscustomobject]@{
        Name    = $_.Name
        Title   = $_.DisplayName
        State   = $_.State
        Start   = $_.StartMode
        Account = $_.StartName
    }
}
