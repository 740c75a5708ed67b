# Stops the spooler, removes every job that waits, and starts it again, also where the removing fails.
[CmdletBinding(SupportsShouldProcess)]
param()

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$folder = (Get-Item -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Print\Printers').GetValue('DefaultSpoolDirectory')
if (-not $folder) { $folder = Join-Path -Path $env:SystemRoot -ChildPath 'System32\spool\PRINTERS' }
$jobs = @(Get-ChildItem -LiteralPath $folder -File -Force | Where-Object { $_.Extension -in '.spl', '.shd' })
'{0} files of jobs wait in {1}.' -f $jobs.Count, $folder

if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, 'Remove every print job that waits, and restart the spooler')) {
    Stop-Service -Name 'Spooler' -Force
    try {
        $jobs | Remove-Item -Force
    } finally {
        Start-Service -Name 'Spooler'
    }
    $service = Get-Service -Name 'Spooler'
    $service.WaitForStatus('Running', [timespan]::FromSeconds(30))
    'The spooler is {0}, and its queues are empty.' -f $service.Status
}
