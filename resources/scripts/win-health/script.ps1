# How the host is: says what it can, and goes on where it cannot. No parameters.
[CmdletBinding()]
param()

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Write-Heading([string]$Text) {
    ''
    "== $Text"
}

$os = Get-CimInstance -ClassName Win32_OperatingSystem
$computer = Get-CimInstance -ClassName Win32_ComputerSystem
'{0}: {1}, build {2}' -f $computer.Name, $os.Caption, $os.BuildNumber
'{0} {1}' -f $computer.Manufacturer, $computer.Model

Write-Heading 'Uptime'
$up = (Get-Date) - $os.LastBootUpTime
'{0} days {1} hours, since {2:yyyy-MM-dd HH:mm}' -f $up.Days, $up.Hours, $os.LastBootUpTime

Write-Heading 'Waits for a restart'
$reasons = @(
    if (Test-Path -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') {
        'Windows components'
    }
    if (Test-Path -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') {
        'Windows Update'
    }
    $manager = Get-Item -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager'
    if ($manager.GetValue('PendingFileRenameOperations')) {
        'files that are replaced at the next start'
    }
)
if ($reasons.Count) { 'yes: ' + ($reasons -join ', ') } else { 'no' }

Write-Heading 'Memory'
'{0:N1} of {1:N1} GB are free' -f ($os.FreePhysicalMemory / 1MB), ($os.TotalVisibleMemorySize / 1MB)

Write-Heading 'Disks'
foreach ($disk in Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType = 3') {
    if ($disk.Size) {
        $share = 100 * $disk.FreeSpace / $disk.Size
        $free, $whole = ($disk.FreeSpace / 1GB), ($disk.Size / 1GB)
        '{0} {1:N1} of {2:N1} GB are free ({3:N0} %)' -f $disk.DeviceID, $free, $whole, $share
    }
}

Write-Heading 'Last starts'
$starts = @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-Kernel-General'; Id = 12 }
Get-WinEvent -FilterHashtable $starts -MaxEvents 5 -ErrorAction SilentlyContinue | ForEach-Object {
    '{0:yyyy-MM-dd HH:mm}' -f $_.TimeCreated
}
$month = (Get-Date).AddDays(-30)
$crashes = @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-Kernel-Power'; Id = 41; StartTime = $month }
$crashed = @(Get-WinEvent -FilterHashtable $crashes -MaxEvents 20 -ErrorAction SilentlyContinue)
'{0} times in 30 days it started without having been shut down' -f $crashed.Count

Write-Heading 'Most errors of the last 24 hours'
$errors = @{ LogName = 'System', 'Application'; Level = 1, 2; StartTime = (Get-Date).AddHours(-24) }
$found = @(Get-WinEvent -FilterHashtable $errors -MaxEvents 2000 -ErrorAction SilentlyContinue)
$found | Group-Object -Property ProviderName, Id | Sort-Object -Property Count -Descending |
    Select-Object -First 8 | ForEach-Object { '{0,5} x {1}' -f $_.Count, $_.Name }
if (-not $found.Count) { 'none, or this account may not read the event log' }
