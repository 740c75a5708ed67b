# Ends one session, known by its number and its person: a number alone may be somebody else's by now.
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [ValidateRange(1, 65535)]
    [int]$Session,

    [Parameter(Mandatory)]
    [string]$User
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Get-SignedIn {
    # Whose desktop runs: by the shell's processes, since what quser says is in the language of the host.
    Get-CimInstance -ClassName Win32_Process -Filter "Name = 'explorer.exe'" | ForEach-Object {
        $owner = Invoke-CimMethod -InputObject $_ -MethodName GetOwner -ErrorAction SilentlyContinue
        $sid = Invoke-CimMethod -InputObject $_ -MethodName GetOwnerSid -ErrorAction SilentlyContinue
        if ($owner -and $sid -and $owner.ReturnValue -eq 0 -and $sid.ReturnValue -eq 0) {
            [pscustomobject]@{
                Account = $owner.User
                Domain  = $owner.Domain
                Sid     = $sid.Sid
                Session = $_.SessionId
                Since   = $_.CreationDate
            }
        }
    } | Sort-Object -Property Session -Unique
}

$there = @(Get-SignedIn | Where-Object { $_.Session -eq $Session })
if (-not $there.Count) { throw "There is no session $Session on $env:COMPUTERNAME any more." }
if ($there[0].Account -ne $User.Split('@')[0]) {
    throw "Session $Session is that of $($there[0].Account). Nobody was signed out."
}

if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, "Sign $User out of session $Session")) {
    $ErrorActionPreference = 'Continue'  # what a program says on its error stream is no end of the script
    logoff.exe $Session
    $ErrorActionPreference = 'Stop'
    if ($LASTEXITCODE -ne 0) { throw "Windows did not end the session (code $LASTEXITCODE)." }
    $until = (Get-Date).AddSeconds(60)
    do {
        Start-Sleep -Seconds 2
        $left = @(Get-SignedIn | Where-Object { $_.Session -eq $Session }).Count
    } while ($left -and (Get-Date) -lt $until)
    if ($left) { throw 'The session still ends: a program may be asking whether to save.' }
    "$User is signed out."
}
