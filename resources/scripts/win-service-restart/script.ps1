# Restarts one of the services that may be, with those that stand on it, and looks whether it came back.
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [ValidateSet(
        'Spooler', 'W32Time', 'WSearch', 'Audiosrv', 'AudioEndpointBuilder', 'BITS',
        'wuauserv', 'Dnscache', 'WlanSvc', 'bthserv', 'LanmanWorkstation', 'ClickToRunSvc'
    )]
    [string]$Service
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$found = Get-Service -Name $Service -ErrorAction SilentlyContinue
if (-not $found) { throw "There is no service $Service on $env:COMPUTERNAME." }
$also = @($found.DependentServices | Where-Object { $_.Status -eq 'Running' } | ForEach-Object { $_.Name })
'{0} is {1}.' -f $Service, $found.Status
if ($also.Count) { 'These stand on it and are restarted with it: ' + ($also -join ', ') }

if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, "Restart $Service")) {
    if ($found.Status -eq 'Stopped') { Start-Service -Name $Service } else { Restart-Service -Name $Service -Force }
    $found.Refresh()
    $found.WaitForStatus('Running', [timespan]::FromSeconds(60))
    foreach ($name in $also) { Start-Service -Name $name }
    '{0} is {1}.' -f $Service, (Get-Service -Name $Service).Status
}
