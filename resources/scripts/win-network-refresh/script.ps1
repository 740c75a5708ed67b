# Forgets what the host knows of names, and asks for its address anew where that is wanted.
[CmdletBinding(SupportsShouldProcess)]
param(
    [switch]$Renew
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, 'Forget the names that were looked up, and register its own')) {
    Clear-DnsClientCache
    'The names that were looked up are forgotten.'
    $ErrorActionPreference = 'Continue'  # what a program says on its error stream is no end of the script
    $null = ipconfig.exe /registerdns
    $ErrorActionPreference = 'Stop'
    if ($LASTEXITCODE -ne 0) { Write-Warning -Message "Its own name was not registered anew (code $LASTEXITCODE)." }
}
if ($Renew -and $PSCmdlet.ShouldProcess($env:COMPUTERNAME, 'Ask for the address anew')) {
    # Without a release before it: the address stays until another one is given, and so does this connection.
    $ErrorActionPreference = 'Continue'
    $null = ipconfig.exe /renew
    $ErrorActionPreference = 'Stop'
    if ($LASTEXITCODE -eq 0) {
        'The address was asked for anew.'
    } else {
        Write-Warning -Message "An adapter got no answer (code $LASTEXITCODE); one without a cable never does."
    }
}
Get-NetIPConfiguration | Where-Object { $_.IPv4DefaultGateway } | ForEach-Object {
    $servers = @($_.DNSServer | ForEach-Object { $_.ServerAddresses }) -join ', '
    $addresses = @($_.IPv4Address.IPAddress) -join ', '
    $gateways = @($_.IPv4DefaultGateway.NextHop) -join ', '
    '{0}: {1}, gateway {2}, DNS {3}' -f $_.InterfaceAlias, $addresses, $gateways, $servers
}
