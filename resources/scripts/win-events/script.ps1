# Errors and warnings of one event log, the newest first, the same ones as one row.
[CmdletBinding()]
param(
    [ValidateSet('System', 'Application', 'Setup')]
    [string]$Log = 'System',

    [ValidateSet('errors', 'errors and warnings')]
    [string]$Level = 'errors',

    [ValidateRange(1, 720)]
    [int]$Hours = 24,

    [ValidateRange(1, 200)]
    [int]$Count = 50
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$levels = if ($Level -eq 'errors') { 1, 2 } else { 1, 2, 3 }
$wanted = @{ LogName = $Log; Level = $levels; StartTime = (Get-Date).AddHours(-$Hours) }
$found = @()
try {
    $found = @(Get-WinEvent -FilterHashtable $wanted -MaxEvents 5000)
} catch {
    if ($_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw }
}
if (-not $found.Count) { "Nothing of that kind in the last $Hours hours." }

$found | Group-Object -Property ProviderName, Id | Select-Object -First $Count | ForEach-Object {
    $newest = $_.Group[0]
    $first = "$($newest.Message)".Split("`n")[0].Trim()
    [pscustomobject]@{
        Last    = '{0:yyyy-MM-dd HH:mm:ss}' -f $newest.TimeCreated
        Times   = $_.Count
        Level   = $newest.LevelDisplayName
        Source  = $newest.ProviderName
        Id      = $newest.Id
        Message = $first.Substring(0, [Math]::Min(300, $first.Length))
    }
}
