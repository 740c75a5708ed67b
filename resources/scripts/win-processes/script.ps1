# What runs on the host, what uses most first.
[CmdletBinding()]
param(
    [ValidateSet('memory', 'processor time', 'name')]
    [string]$Order = 'memory',

    [ValidatePattern('^[\w .()+-]*$')]
    [string]$Word = '',

    [ValidateRange(1, 500)]
    [int]$Count = 40
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$all = @(Get-CimInstance -ClassName Win32_Process | Where-Object { -not $Word -or $_.Name -like "*$Word*" })
if (-not $all.Count) { 'Nothing of that name runs.' }
$by = @{
    'memory'         = @{ Expression = { $_.WorkingSetSize }; Descending = $true }
    'processor time' = @{ Expression = { $_.KernelModeTime + $_.UserModeTime }; Descending = $true }
    'name'           = @{ Expression = { $_.Name }; Descending = $false }
}
foreach ($each in $all | Sort-Object -Property $by[$Order] | Select-Object -First $Count) {
    $owner = Invoke-CimMethod -InputObject $each -MethodName GetOwner -ErrorAction SilentlyContinue
    [pscustomobject]@{
        Name     = [System.IO.Path]::GetFileNameWithoutExtension($each.Name)
        Id       = $each.ProcessId
        Person   = if ($owner -and $owner.ReturnValue -eq 0) { $owner.User } else { '' }
        MemoryMB = [Math]::Round($each.WorkingSetSize / 1MB)
        Seconds  = [Math]::Round(($each.KernelModeTime + $each.UserModeTime) / 1e7)
        Since    = '{0:yyyy-MM-dd HH:mm}' -f $each.CreationDate
    }
}
